package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Paths as people write them: names with slashes between; a slash within a name is {@code \/}. */
final class YamlPath {
  private YamlPath() {}

  static String text(List<String> path) {
    return path.stream()
        .map(name -> name.replace("\\", "\\\\").replace("/", "\\/"))
        .collect(Collectors.joining("/"));
  }

  /** The names; empty ones (a slash at the beginning or the end) do not count. */
  static List<String> parse(String text) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        name.append(text.charAt(i));
      } else if (c == '/') {
        end(name, names);
      } else {
        name.append(c);
      }
    }
    end(name, names);
    return names;
  }

  private static void end(StringBuilder name, List<String> names) {
    if (!name.isEmpty()) {
      names.add(name.toString());
      name.setLength(0);
    }
  }
}
