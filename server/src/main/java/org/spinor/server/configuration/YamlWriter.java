package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** Writes a tree as YAML: sections on lines, lists of values on one line, as people write them. */
final class YamlWriter {
  private YamlWriter() {}

  static String write(JsonNode tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndent(2);
    options.setWidth(10_000);
    options.setSplitLines(false);
    StringBuilder text = new StringBuilder();
    block(tree, 0, new Yaml(options), text);
    return text.toString();
  }

  private static void block(JsonNode node, int depth, Yaml yaml, StringBuilder text) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      text.append("  ".repeat(depth)).append(YamlValue.key(entry.getKey())).append(':');
      JsonNode value = entry.getValue();
      if (value.isObject() && !value.isEmpty()) {
        text.append('\n');
        block(value, depth + 1, yaml, text);
      } else {
        text.append(' ').append(line(value, yaml)).append('\n');
      }
    }
  }

  private static String line(JsonNode value, Yaml yaml) {
    if (value.isContainer()) {
      List<String> items = new ArrayList<>();
      if (value.isObject()) {
        value
            .properties()
            .forEach(
                entry ->
                    items.add(YamlValue.key(entry.getKey()) + ": " + line(entry.getValue(), yaml)));
        return "{" + String.join(", ", items) + "}";
      }
      value.forEach(item -> items.add(line(item, yaml)));
      return "[" + String.join(", ", items) + "]";
    }
    if (!value.isString()) {
      return value.toString();
    }
    String text = value.asString();
    String plain = yaml.dump(text).strip();
    // within [ and { a comma or bracket ends a plain text, and a text of several lines has none
    return plain.equals(text) && text.matches("[^,\\[\\]{}#:\\n]*") ? text : value.toString();
  }
}
