package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One place that differs between two versions, as written: defaults are not filled in.
 *
 * @param path names from the top
 * @param before what stood there; null: nothing
 * @param after what stands there now; null: nothing. Values of keys that look like secrets are
 *     {@code ***}
 */
record Change(List<String> path, @Nullable JsonNode before, @Nullable JsonNode after) {
  Change {
    path = List.copyOf(path);
  }

  /** All places where the two differ, in the order of the newer one. */
  static List<Change> between(YamlTree.Section before, YamlTree.Section after) {
    List<Change> changes = new ArrayList<>();
    sections(List.of(), before, after, changes);
    return changes;
  }

  private static void sections(
      List<String> path, YamlTree.Section before, YamlTree.Section after, List<Change> changes) {
    Set<String> names = new LinkedHashSet<>(after.entries().keySet());
    names.addAll(before.entries().keySet());
    for (String name : names) {
      List<String> inside = inside(path, name);
      @Nullable YamlTree old = before.entries().get(name);
      @Nullable YamlTree now = after.entries().get(name);
      if (old instanceof YamlTree.Section lower && now instanceof YamlTree.Section upper) {
        sections(inside, lower, upper, changes);
      } else if (old == null && now instanceof YamlTree.Section upper && !upper.isEmpty()) {
        sections(inside, empty(), upper, changes);
      } else if (now == null && old instanceof YamlTree.Section lower && !lower.isEmpty()) {
        sections(inside, lower, empty(), changes);
      } else {
        @Nullable JsonNode was = old == null ? null : Expansion.free(old);
        @Nullable JsonNode is = now == null ? null : Expansion.free(now);
        if (was == null || !was.equals(is)) {
          changes.add(new Change(inside, Secrets.hidden(name, was), Secrets.hidden(name, is)));
        }
      }
    }
  }

  private static YamlTree.Section empty() {
    return new YamlTree.Section(new LinkedHashMap<>(), 1);
  }

  private static List<String> inside(List<String> path, String name) {
    List<String> inside = new ArrayList<>(path);
    inside.add(name);
    return inside;
  }

  /** Whether a change of the other path could touch the same place. */
  boolean overlaps(List<String> other) {
    int common = Math.min(path.size(), other.size());
    return path.subList(0, common).equals(other.subList(0, common));
  }

  /** One line for people: {@code Registry/lhcb/DefaultGroup: user -> admin}. */
  String line() {
    return "%s: %s -> %s".formatted(YamlPath.text(path), shown(before), shown(after));
  }

  private static String shown(@Nullable JsonNode value) {
    if (value == null) {
      return "(nothing)";
    }
    String text = value.isString() ? value.asString() : value.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
