package org.spinor.cli.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationChange;
import org.spinor.api.ConfigurationEdit;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.client.Json;

/** Paths, changes and problems of configurations, as people write and read them. */
final class ConfigurationText {
  private ConfigurationText() {}

  /** The names of a path: slashes between, {@code \/} for one in a name. */
  static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    for (int i = 0; i <= path.length(); i++) {
      boolean end = i == path.length();
      if (!end && path.charAt(i) == '\\' && i + 1 < path.length()) {
        i++;
        name.append(path.charAt(i));
      } else if (!end && path.charAt(i) != '/') {
        name.append(path.charAt(i));
      } else if (!name.isEmpty()) {
        names.add(name.toString());
        name.setLength(0);
      }
    }
    return names;
  }

  static String path(List<String> names) {
    return names.stream()
        .map(name -> name.replace("\\", "\\\\").replace("/", "\\/"))
        .collect(Collectors.joining("/"));
  }

  static String problems(List<String> problems) {
    return problems.size() + (problems.size() == 1 ? " problem" : " problems");
  }

  static String shortened(String revision) {
    return revision.length() > 10 ? revision.substring(0, 10) : revision;
  }

  /** Changes with what was there and what is there now. */
  static void print(Terminal terminal, List<ConfigurationChange> changes) {
    for (ConfigurationChange change : changes) {
      terminal.out().println(Terminal.harmless(path(change.path())));
      line(terminal, Style.RED, "  - ", change.before());
      line(terminal, Style.GREEN, "  + ", change.after());
    }
  }

  private static void line(Terminal terminal, Style style, String sign, @Nullable Object value) {
    if (value != null) {
      String text = value instanceof String plain ? plain : Json.write(value);
      terminal
          .out()
          .println(terminal.styled(style, sign + Terminal.harmless(text).replace("\n", "\n    ")));
    }
  }

  /** What became of an edit. */
  static void print(Terminal terminal, ConfigurationEdit.Done done) {
    if (done.changes().isEmpty()) {
      terminal
          .out()
          .println("no value differs; the newest version is " + shortened(done.revision()));
      return;
    }
    print(terminal, done.changes());
    terminal
        .out()
        .println(
            terminal.styled(Style.GREEN, "version " + shortened(done.revision()) + " is in force"));
  }
}
