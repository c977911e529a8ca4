package org.spinor.server.configuration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** YAML as written, with the line of each part, before anybody asks what it means. */
sealed interface YamlTree {
  /** Where it stands in the text, from 1. */
  int line();

  /** What it is, for messages. */
  String kind();

  /** Names and what stands under them, in order. */
  record Section(SequencedMap<String, YamlTree> entries, int line) implements YamlTree {
    @Override
    public String kind() {
      return "a section";
    }

    boolean isEmpty() {
      return entries.isEmpty();
    }

    /** This over the other: sections become one, everything else is replaced. */
    Section over(Section below) {
      SequencedMap<String, YamlTree> merged = new LinkedHashMap<>(below.entries());
      for (Map.Entry<String, YamlTree> entry : entries.entrySet()) {
        YamlTree under = merged.get(entry.getKey());
        merged.put(
            entry.getKey(),
            entry.getValue() instanceof Section upper && under instanceof Section lower
                ? upper.over(lower)
                : entry.getValue());
      }
      return new Section(merged, line);
    }
  }

  record Sequence(List<YamlTree> items, int line) implements YamlTree {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /**
   * One value.
   *
   * @param type what YAML takes it for
   */
  record Scalar(String text, Type type, int line) implements YamlTree {
    @Override
    public String kind() {
      return type == Type.NOTHING ? "nothing" : "'" + text + "'";
    }
  }

  /** Types of values in YAML. */
  enum Type {
    TEXT,
    WHOLE,
    REAL,
    FLAG,
    NOTHING
  }
}
