package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Shape.Each;
import org.spinor.server.configuration.Shape.Field;
import org.spinor.server.configuration.Shape.Section;
import org.spinor.server.configuration.YamlTree.Scalar;
import org.spinor.server.configuration.YamlTree.Sequence;
import org.spinor.server.web.DidYouMean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds what is written against the schema: out comes the same with every default written out, and
 * a list of all that does not fit, each with its path.
 */
final class Expansion {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int LONGEST_VALUE = 80;

  private final List<String> problems;

  Expansion(List<String> problems) {
    this.problems = problems;
  }

  /** A place that does not fit comes out as null, and as a problem. */
  JsonNode expand(Shape shape, YamlTree tree, String path) {
    return switch (shape) {
      case Section section -> section(section, tree, path);
      case Each each -> each(each, tree, path);
      case Shape.Free _ -> free(tree);
      case Shape.Texts(boolean sorted) -> texts(tree, sorted, shape, path);
      case Shape.Wholes _ -> wholes(tree, shape, path);
      case Shape.Text text ->
          tree instanceof Scalar(String value, YamlTree.Type type, int _)
                  && type != YamlTree.Type.NOTHING
                  && text.form().matcher(value).matches()
              ? JSON.stringNode(value)
              : misfit(shape, tree, path);
      case Shape.Whole(long min, long max) ->
          whole(tree)
              .filter(value -> value >= min && value <= max)
              .<JsonNode>map(JSON::numberNode)
              .orElseGet(() -> misfit(shape, tree, path));
      case Shape.Real _ ->
          real(tree).<JsonNode>map(JSON::numberNode).orElseGet(() -> misfit(shape, tree, path));
      case Shape.Flag _ ->
          flag(tree).<JsonNode>map(JSON::booleanNode).orElseGet(() -> misfit(shape, tree, path));
    };
  }

  private JsonNode misfit(Shape shape, YamlTree tree, String path) {
    String got = tree.kind();
    problems.add(
        "%s: expected %s, got %s (line %d)"
            .formatted(
                path,
                shape.expected(),
                got.length() <= LONGEST_VALUE ? got : got.substring(0, LONGEST_VALUE) + "...",
                tree.line()));
    return JSON.nullNode();
  }

  private static boolean nothing(YamlTree tree) {
    return tree instanceof Scalar scalar && scalar.type() == YamlTree.Type.NOTHING;
  }

  private JsonNode section(Section shape, YamlTree tree, String path) {
    ObjectNode result = JSON.objectNode();
    YamlTree.Section written;
    if (tree instanceof YamlTree.Section section) {
      written = section;
    } else {
      if (!nothing(tree)) {
        misfit(shape, tree, path);
        return result;
      }
      written = empty(tree.line());
    }
    Set<String> known = new LinkedHashSet<>();
    for (Field field : shape.fields()) {
      known.add(field.name());
      known.addAll(field.aliases());
      result.set(field.name(), field(field, written, path));
    }
    for (Map.Entry<String, YamlTree> entry : written.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        other(shape, entry.getKey(), entry.getValue(), known, path, result);
      }
    }
    return result;
  }

  private JsonNode field(Field field, YamlTree.Section written, String path) {
    String inside = inside(path, field.name());
    YamlTree value = written.entries().get(field.name());
    for (String alias : field.aliases()) {
      YamlTree other = written.entries().get(alias);
      if (other != null && value != null) {
        problems.add("%s: also written as %s (line %d)".formatted(inside, alias, other.line()));
      } else if (other != null) {
        value = other;
        inside = inside(path, alias);
      }
    }
    if (value != null && !nothing(value)) {
      return expand(field.shape(), value, inside);
    }
    Optional<JsonNode> otherwise = field.otherwise();
    if (otherwise.isEmpty()) {
      problems.add(
          "%s: missing; expected %s (section of line %d)"
              .formatted(inside, field.shape().expected(), written.line()));
      return JSON.nullNode();
    }
    return otherwise.get().isObject()
        ? expand(field.shape(), empty(written.line()), inside)
        : otherwise.get();
  }

  private static YamlTree.Section empty(int line) {
    return new YamlTree.Section(new LinkedHashMap<>(), line);
  }

  private void other(
      Section shape,
      String name,
      YamlTree value,
      Collection<String> known,
      String path,
      ObjectNode result) {
    String inside = inside(path, name);
    switch (shape.others()) {
      case REFUSED ->
          problems.add(
              "%s: unknown key%s (line %d)"
                  .formatted(inside, DidYouMean.hint(name, known), value.line()));
      case DROPPED -> refuseSlip(inside, name, value, known);
      case KEPT -> {
        refuseSlip(inside, name, value, known);
        result.set(name, free(value));
      }
      case PARAMETERS -> {
        refuseSlip(inside, name, value, known);
        if (value instanceof Scalar scalar) {
          result.put(name, scalar.text());
        } else if (value instanceof Sequence) {
          JsonNode items = texts(value, false, new Shape.Texts(false), inside);
          List<String> each = new ArrayList<>();
          items.forEach(item -> each.add(item.asString()));
          result.put(name, String.join(",", each));
        } else {
          problems.add(
              "%s: unknown key%s; the plug-in takes values, not sections (line %d)"
                  .formatted(inside, DidYouMean.hint(name, known), value.line()));
        }
      }
    }
  }

  /** Where any name may stand, one that is nearly a known one is still no accident. */
  private void refuseSlip(String inside, String name, YamlTree value, Collection<String> known) {
    DidYouMean.slip(name, known)
        .ifPresent(
            meant ->
                problems.add(
                    "%s: unknown key; did you mean %s? (line %d)"
                        .formatted(inside, meant, value.line())));
  }

  private JsonNode each(Each shape, YamlTree tree, String path) {
    ObjectNode result = JSON.objectNode();
    if (!(tree instanceof YamlTree.Section written)) {
      if (!nothing(tree)) {
        misfit(shape, tree, path);
      }
      return result;
    }
    for (Map.Entry<String, YamlTree> entry : written.entries().entrySet()) {
      String inside = inside(path, entry.getKey());
      if (!shape.names().form().matcher(entry.getKey()).matches()) {
        problems.add(
            "%s: expected %s (line %d)"
                .formatted(inside, shape.names().expected(), entry.getValue().line()));
      }
      result.set(entry.getKey(), expand(shape.value(), entry.getValue(), inside));
    }
    return result;
  }

  private JsonNode texts(YamlTree tree, boolean sorted, Shape shape, String path) {
    Collection<String> all = sorted ? new TreeSet<>() : new ArrayList<>();
    switch (tree) {
      case Scalar(String text, YamlTree.Type _, int _) -> {
        for (String part : text.split(",", -1)) {
          if (!part.isBlank()) {
            all.add(part.strip());
          }
        }
      }
      case Sequence(List<YamlTree> items, int _) -> {
        for (int i = 0; i < items.size(); i++) {
          if (items.get(i) instanceof Scalar item && item.type() != YamlTree.Type.NOTHING) {
            all.add(item.text());
          } else {
            misfit(Shape.Text.ANY, items.get(i), path + "[" + i + "]");
          }
        }
      }
      case YamlTree.Section _ -> {
        return misfit(shape, tree, path);
      }
    }
    ArrayNode result = JSON.arrayNode();
    all.forEach(result::add);
    return result;
  }

  private JsonNode wholes(YamlTree tree, Shape shape, String path) {
    JsonNode texts = texts(tree, false, shape, path);
    ArrayNode result = JSON.arrayNode();
    for (JsonNode text : texts) {
      try {
        result.add(Long.parseLong(text.asString()));
      } catch (NumberFormatException e) {
        problems.add(
            "%s: expected whole numbers, got '%s' (line %d)"
                .formatted(path, text.asString(), tree.line()));
      }
    }
    return result;
  }

  private static Optional<Long> whole(YamlTree tree) {
    if (!(tree instanceof Scalar scalar)) {
      return Optional.empty();
    }
    try {
      String digits =
          scalar.type() == YamlTree.Type.WHOLE ? scalar.text().replace("_", "") : scalar.text();
      return Optional.of(Long.decode(digits.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Double> real(YamlTree tree) {
    if (!(tree instanceof Scalar scalar)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Double.valueOf(scalar.text().strip())).filter(Double::isFinite);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Boolean> flag(YamlTree tree) {
    if (!(tree instanceof Scalar scalar)) {
      return Optional.empty();
    }
    return switch (scalar.text().strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> Optional.of(true);
      case "false", "no", "off" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static @Nullable JsonNode typed(Scalar scalar) {
    return switch (scalar.type()) {
      case TEXT -> JSON.stringNode(scalar.text());
      case NOTHING -> JSON.nullNode();
      case WHOLE -> whole(scalar).<JsonNode>map(JSON::numberNode).orElse(null);
      case REAL -> real(scalar).<JsonNode>map(JSON::numberNode).orElse(null);
      case FLAG -> flag(scalar).<JsonNode>map(JSON::booleanNode).orElse(null);
    };
  }

  /** What is written as it is, whatever the schema says. */
  static JsonNode free(YamlTree tree) {
    return switch (tree) {
      case Scalar scalar -> {
        JsonNode typed = typed(scalar);
        yield typed == null ? JSON.stringNode(scalar.text()) : typed;
      }
      case Sequence(List<YamlTree> items, int _) -> {
        ArrayNode array = JSON.arrayNode();
        items.forEach(item -> array.add(free(item)));
        yield array;
      }
      case YamlTree.Section section -> {
        ObjectNode object = JSON.objectNode();
        section.entries().forEach((name, value) -> object.set(name, free(value)));
        yield object;
      }
    };
  }

  static String inside(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
