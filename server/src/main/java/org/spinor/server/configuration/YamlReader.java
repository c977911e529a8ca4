package org.spinor.server.configuration;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Reads YAML into a {@link YamlTree}: no types are made, no code is run, aliases are limited. */
final class YamlReader {
  private static final int LARGEST = 20 * 1024 * 1024;

  private final List<String> problems;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlReader(List<String> problems) {
    this.problems = problems;
  }

  /** The text as a section; an empty one where the text is none, with a problem. */
  static YamlTree.Section read(String text, List<String> problems) {
    int before = problems.size();
    if (value(text, problems).orElse(null) instanceof YamlTree.Section section) {
      return section;
    }
    if (problems.size() == before) {
      problems.add(
          "the text: expected sections as Registry and Operations, got nothing of the kind");
    }
    return new YamlTree.Section(new LinkedHashMap<>(), 1);
  }

  /** The text as whatever it is; empty where it is nothing, or no YAML, with a problem. */
  static Optional<YamlTree> value(String text, List<String> problems) {
    try {
      return compose(text, problems).map(root -> new YamlReader(problems).tree(root, ""));
    } catch (YAMLException e) {
      problems.add("no YAML: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** The parts of a text with the places where they stand; empty as {@link #value}. */
  static Optional<Node> compose(String text, List<String> problems) {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(LARGEST);
    limits.setNestingDepthLimit(50);
    limits.setMaxAliasesForCollections(200);
    DumperOptions unused = new DumperOptions();
    Yaml yaml = new Yaml(new SafeConstructor(limits), new Representer(unused), unused, limits);
    try {
      return Optional.ofNullable(yaml.compose(new StringReader(text)));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      int column = e.getProblemMark() == null ? 0 : e.getProblemMark().getColumn() + 1;
      problems.add("line %d, column %d: no YAML: %s".formatted(line, column, e.getProblem()));
    } catch (YAMLException e) {
      problems.add("no YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  private YamlTree tree(Node node, String path) {
    int line = node.getStartMark().getLine() + 1;
    if (!open.add(node)) {
      problems.add("line " + line + ": a section that contains itself");
      return new YamlTree.Scalar("", YamlTree.Type.NOTHING, line);
    }
    try {
      return switch (node) {
        case ScalarNode scalar -> new YamlTree.Scalar(scalar.getValue(), type(scalar), line);
        case SequenceNode sequence -> {
          List<YamlTree> items = new ArrayList<>();
          for (Node item : sequence.getValue()) {
            items.add(tree(item, path));
          }
          yield new YamlTree.Sequence(items, line);
        }
        case MappingNode mapping -> section(mapping, path, line);
        default -> throw new YAMLException("unexpected kind of YAML: " + node.getNodeId());
      };
    } finally {
      open.remove(node);
    }
  }

  private YamlTree.Section section(MappingNode mapping, String path, int line) {
    SequencedMap<String, YamlTree> entries = new LinkedHashMap<>();
    List<YamlTree.Section> below = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add("line " + line + ": a name is expected before the colon");
        continue;
      }
      String inside = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
      YamlTree value = tree(tuple.getValueNode(), inside);
      if (key.getTag().equals(Tag.MERGE)) {
        collect(value, below);
      } else if (entries.putIfAbsent(key.getValue(), value) != null) {
        problems.add(
            "%s: written twice, again in line %d"
                .formatted(inside, key.getStartMark().getLine() + 1));
      }
    }
    YamlTree.Section section = new YamlTree.Section(entries, line);
    for (YamlTree.Section merged : below) {
      SequencedMap<String, YamlTree> all = new LinkedHashMap<>(merged.entries());
      all.putAll(section.entries());
      section = new YamlTree.Section(all, line);
    }
    return section;
  }

  private static void collect(YamlTree value, List<YamlTree.Section> below) {
    switch (value) {
      case YamlTree.Section section -> below.add(section);
      case YamlTree.Sequence sequence -> sequence.items().forEach(item -> collect(item, below));
      case YamlTree.Scalar _ -> {}
    }
  }

  private static YamlTree.Type type(ScalarNode scalar) {
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.INT)) {
      return YamlTree.Type.WHOLE;
    }
    if (tag.equals(Tag.FLOAT)) {
      return YamlTree.Type.REAL;
    }
    if (tag.equals(Tag.BOOL)) {
      return YamlTree.Type.FLAG;
    }
    return tag.equals(Tag.NULL) ? YamlTree.Type.NOTHING : YamlTree.Type.TEXT;
  }
}
