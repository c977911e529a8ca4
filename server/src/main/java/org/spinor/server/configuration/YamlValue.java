package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value on its way into a YAML text.
 *
 * @param written as its author wrote it, where that fits on the line of its name
 * @param tree what it says
 */
record YamlValue(@Nullable String written, JsonNode tree) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.@+-]*");
  private static final Pattern RESERVED = Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n");

  /**
   * @param yaml one value, on one line or several
   * @param path where it is to stand, for messages
   */
  static YamlValue of(String yaml, List<String> path) {
    List<String> problems = new ArrayList<>();
    Optional<Node> node = YamlReader.compose(yaml, problems);
    Optional<YamlTree> tree =
        problems.isEmpty() ? YamlReader.value(yaml, problems) : Optional.empty();
    if (node.isEmpty() || tree.isEmpty() || !problems.isEmpty()) {
      problems.replaceAll(problem -> YamlPath.text(path) + ": " + problem);
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          problems.isEmpty()
              ? YamlPath.text(path)
                  + ": no value; an empty text is written \"\", and unset takes a value away"
              : "nothing was changed: the value is no YAML",
          problems);
    }
    boolean inline =
        node.get() instanceof ScalarNode
            || (node.get() instanceof CollectionNode<?> all
                && all.getFlowStyle() == FlowStyle.FLOW);
    String line = yaml.strip();
    return new YamlValue(inline && !line.contains("\n") ? line : null, Expansion.free(tree.get()));
  }

  /** The ways to write it, the nicest first. */
  List<YamlValue> forms() {
    YamlValue plain = new YamlValue(null, tree);
    return written == null ? List.of(plain) : List.of(this, plain);
  }

  /** A section that has only it, below so many names. */
  YamlValue under(List<String> names) {
    if (names.isEmpty()) {
      return this;
    }
    JsonNode section = tree;
    String line = written;
    for (String name : names.reversed()) {
      ObjectNode outer = JsonNodeFactory.instance.objectNode();
      outer.set(name, section);
      section = outer;
      line = line == null ? null : "{" + key(name) + ": " + line + "}";
    }
    return new YamlValue(line, section);
  }

  /** A section is written with one name on each line where there is room. */
  boolean isBlock() {
    return tree.isObject() && !tree.isEmpty();
  }

  /** On one line, fit for everywhere. */
  String inline() {
    return written != null ? written : tree.toString();
  }

  /** On lines of their own, without indentation. */
  List<String> lines() {
    return YamlWriter.write(tree).lines().toList();
  }

  /** A name as it is written before a colon. */
  static String key(String name) {
    return PLAIN.matcher(name).matches() && !RESERVED.matcher(name).matches()
        ? name
        : JsonNodeFactory.instance.stringNode(name).toString();
  }
}
