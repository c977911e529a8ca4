package org.spinor.cli.console;

import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Writes a JSON tree as YAML 1.2, block style. */
public final class Yaml {
  /** Texts that no YAML reader takes for anything but text. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_/][A-Za-z0-9_/.@+-]*(?: [A-Za-z0-9_/.@+(][A-Za-z0-9_/.@+()-]*)*");

  private static final Pattern RESERVED =
      Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n|nan|inf");

  private Yaml() {}

  public static String write(JsonNode tree) {
    StringBuilder text = new StringBuilder();
    if (isBlock(tree)) {
      block(tree, 0, text);
    } else {
      text.append(scalar(tree)).append('\n');
    }
    return text.toString();
  }

  private static boolean isBlock(JsonNode node) {
    return node.isContainer() && !node.isEmpty();
  }

  private static void block(JsonNode node, int depth, StringBuilder text) {
    if (node.isArray()) {
      for (JsonNode item : node) {
        text.append("  ".repeat(depth)).append("- ");
        if (isBlock(item)) {
          // the first line of the item goes behind the dash
          StringBuilder inner = new StringBuilder();
          block(item, depth + 1, inner);
          text.append(inner.substring(2 * (depth + 1)));
        } else {
          text.append(scalar(item)).append('\n');
        }
      }
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      text.append("  ".repeat(depth)).append(quoted(entry.getKey())).append(':');
      JsonNode value = entry.getValue();
      if (isBlock(value)) {
        text.append('\n');
        block(value, value.isArray() ? depth : depth + 1, text);
      } else {
        text.append(' ').append(scalar(value)).append('\n');
      }
    }
  }

  private static String scalar(JsonNode node) {
    return node.isString() ? quoted(node.stringValue()) : node.toString();
  }

  /** A JSON string is a YAML string; it is only used where the text needs it. */
  private static String quoted(String text) {
    if (PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches()) {
      return text;
    }
    return org.spinor.client.Json.write(text);
  }
}
