package org.spinor.server.configuration;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spinor.server.configuration.Shape.Each;
import org.spinor.server.configuration.Shape.Field;
import org.spinor.server.configuration.Shape.Others;
import org.spinor.server.configuration.Shape.Section;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Words in which {@link Schema} is written. */
final class Fields {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Fields() {}

  static Field required(String name, Shape shape, String meaning) {
    return new Field(name, List.of(), shape, Optional.empty(), meaning);
  }

  static Field optional(String name, Shape shape, String meaning) {
    return field(name, shape, JSON.nullNode(), meaning);
  }

  static Field free(String name, String meaning) {
    return optional(name, new Shape.Free(), meaning);
  }

  static Field flag(String name, boolean otherwise, String meaning) {
    return field(name, new Shape.Flag(), JSON.booleanNode(otherwise), meaning);
  }

  static Field whole(String name, long otherwise, long min, long max, String meaning) {
    return field(name, new Shape.Whole(min, max), JSON.numberNode(otherwise), meaning);
  }

  static Field real(String name, double otherwise, String meaning) {
    return field(name, new Shape.Real(), JSON.numberNode(otherwise), meaning);
  }

  static Field text(String name, String otherwise, String meaning) {
    return field(name, Shape.Text.ANY, JSON.stringNode(otherwise), meaning);
  }

  /** One of a few words, the first where nothing is written. */
  static Field choice(String name, List<String> words, String meaning) {
    Pattern form = Pattern.compile(String.join("|", words));
    return field(
        name,
        new Shape.Text(form, "one of " + String.join(", ", words)),
        JSON.stringNode(words.getFirst()),
        meaning);
  }

  static Field texts(String name, List<String> otherwise, String meaning) {
    ArrayNode array = JSON.arrayNode();
    otherwise.forEach(array::add);
    return field(name, new Shape.Texts(false), array, meaning);
  }

  /** A section that is there even where nothing is written: with all its defaults. */
  static Field section(String name, Section shape, String meaning) {
    return field(name, shape, JSON.objectNode(), meaning);
  }

  static Field each(String name, Each shape, String meaning) {
    return field(name, shape, JSON.objectNode(), meaning);
  }

  static Section section(Others others, Field... fields) {
    return new Section(List.of(fields), others);
  }

  static Section section(Others others, Stream<Field> fields) {
    return new Section(fields.toList(), others);
  }

  private static Field field(String name, Shape shape, JsonNode otherwise, String meaning) {
    return new Field(name, List.of(), shape, Optional.of(otherwise), meaning);
  }
}
