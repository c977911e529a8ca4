package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.web.DidYouMean;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes one place in a YAML text and leaves every other letter as it is: comments, order, blanks.
 * The reader tells where each part stands; the new value is put exactly there. Afterwards the
 * result is read again: if it says anything else than the old text with that one value changed, as
 * where anchors or merges are in the way, it is not given out.
 */
final class YamlEdit {
  private final String text;
  private final Node root;
  private final JsonNode before;

  private YamlEdit(String text, Node root, JsonNode before) {
    this.text = text;
    this.root = root;
    this.before = before;
  }

  /**
   * @throws SpinorException it is no YAML, or has names twice
   */
  static YamlEdit of(String text) {
    List<String> problems = new ArrayList<>();
    YamlTree.Section tree = YamlReader.read(text, problems);
    Optional<Node> root =
        problems.isEmpty() ? YamlReader.compose(text, problems) : Optional.empty();
    if (root.isEmpty()) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "the newest version cannot be read, so no single place of it can be changed; change the whole text: spinor config edit",
          problems);
    }
    return new YamlEdit(text, root.get(), Expansion.free(tree));
  }

  /**
   * The text with another value.
   *
   * @param path names from the top; sections that are missing are made
   * @param value YAML; null: the name is taken away
   * @throws SpinorException there is no such place, or it cannot be changed alone
   */
  String with(List<String> path, @Nullable String value) {
    if (path.isEmpty() || path.stream().anyMatch(String::isBlank)) {
      throw refusal("path: expected names as Registry/lhcb/DefaultGroup");
    }
    if (value == null) {
      return verified(List.of(without(path)), path, null);
    }
    YamlValue wanted = YamlValue.of(value, path);
    List<String> candidates = new ArrayList<>();
    for (YamlValue form : wanted.forms()) {
      candidates.add(put(path, form));
    }
    return verified(candidates, path, wanted.tree());
  }

  /** The first that says what it should; else a refusal. */
  private String verified(List<String> candidates, List<String> path, @Nullable JsonNode value) {
    ObjectNode expected = (ObjectNode) before.deepCopy();
    if (value == null) {
      parent(expected, path).remove(path.getLast());
    } else {
      parent(expected, path).set(path.getLast(), value);
    }
    JsonNode wanted = withoutNothing(expected);
    for (String candidate : candidates) {
      List<String> problems = new ArrayList<>();
      YamlTree.Section tree = YamlReader.read(candidate, problems);
      boolean empty = wanted.isEmpty() && candidate.lines().allMatch(YamlPlaces::isNoContent);
      if (empty || (problems.isEmpty() && withoutNothing(Expansion.free(tree)).equals(wanted))) {
        return candidate;
      }
    }
    throw new SpinorException(
        ErrorCode.CONFLICT,
        "%s cannot be changed alone as it is written (an anchor, an alias, a merge, or an unusual layout); change the whole text: spinor config edit"
            .formatted(YamlPath.text(path)));
  }

  private static ObjectNode parent(ObjectNode top, List<String> path) {
    ObjectNode section = top;
    for (String name : path.subList(0, path.size() - 1)) {
      section = section.path(name) instanceof ObjectNode inner ? inner : section.putObject(name);
    }
    return section;
  }

  /** Without names under which nothing stands: whether they are written makes no difference. */
  private static JsonNode withoutNothing(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode kept = object.objectNode();
      object
          .properties()
          .forEach(
              entry -> {
                JsonNode value = withoutNothing(entry.getValue());
                if (!value.isNull() && !(value.isObject() && value.isEmpty())) {
                  kept.set(entry.getKey(), value);
                }
              });
      return kept;
    }
    return node;
  }

  private String put(List<String> path, YamlValue value) {
    YamlPlaces places = new YamlPlaces(text);
    MappingNode section = top();
    boolean flow = places.isFlow(section);
    for (int i = 0; i < path.size(); i++) {
      String name = path.get(i);
      List<String> below = path.subList(i + 1, path.size());
      Optional<NodeTuple> found = entry(section, name);
      if (found.isEmpty()) {
        return places.insert(section, flow, name, value.under(below));
      }
      Node there = found.get().getValueNode();
      boolean nothing = isNothing(there);
      if (below.isEmpty() || nothing) {
        return places.replace(found.get(), flow, nothing, value.under(below));
      }
      section = section(there, path.subList(0, i + 1));
      flow = flow || places.isFlow(section);
    }
    throw new IllegalStateException("a path ends");
  }

  private String without(List<String> path) {
    YamlPlaces places = new YamlPlaces(text);
    MappingNode section = top();
    boolean flow = places.isFlow(section);
    for (int i = 0; ; i++) {
      List<String> here = path.subList(0, i + 1);
      Optional<NodeTuple> found = entry(section, path.get(i));
      if (found.isEmpty()) {
        throw new SpinorException(
            ErrorCode.NOT_FOUND,
            "nothing is written at %s%s"
                .formatted(YamlPath.text(here), DidYouMean.hint(path.get(i), names(section))));
      }
      if (i == path.size() - 1) {
        return places.remove(section, found.get(), flow);
      }
      section = section(found.get().getValueNode(), here);
      flow = flow || places.isFlow(section);
    }
  }

  private MappingNode top() {
    return section(root, List.of());
  }

  private static MappingNode section(Node node, List<String> path) {
    if (node instanceof MappingNode section) {
      return section;
    }
    throw refusal(YamlPath.text(path) + " is a value, not a section: nothing can stand below it");
  }

  /** What stands there counts for nothing: no value, or an empty section. */
  private static boolean isNothing(Node node) {
    return node.getTag().equals(Tag.NULL)
        || (node instanceof MappingNode section && section.getValue().isEmpty());
  }

  private static Optional<NodeTuple> entry(MappingNode section, String name) {
    return section.getValue().stream()
        .filter(
            tuple ->
                tuple.getKeyNode() instanceof ScalarNode key
                    && !key.getTag().equals(Tag.MERGE)
                    && key.getValue().equals(name))
        .findFirst();
  }

  private static List<String> names(MappingNode section) {
    List<String> names = new ArrayList<>();
    for (NodeTuple tuple : section.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        names.add(key.getValue());
      }
    }
    return names;
  }

  private static SpinorException refusal(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }
}
