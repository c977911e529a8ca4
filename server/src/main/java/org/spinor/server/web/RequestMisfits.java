package org.spinor.server.web;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.server.web.Problem.Misfit;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says where a request does not fit its route. */
final class RequestMisfits {
  private static final int LONGEST_INPUT = 200;

  private RequestMisfits() {}

  static Misfit missing(String place, String name) {
    return new Misfit("missing", List.of(place, name), "Field required", null);
  }

  static Misfit noBody() {
    return new Misfit("missing", List.of("body"), "Field required", null);
  }

  static Misfit wrongType(String place, String name, @Nullable Class<?> type, Object value) {
    return new Misfit(
        "type_error",
        List.of(place, name),
        "expected " + expected(type) + ", got '" + shortened(value) + "'",
        shortened(value));
  }

  /** A body that is no JSON, or not the JSON that was expected. */
  static Misfit body(JacksonException failure) {
    List<Object> location = new ArrayList<>(List.of("body"));
    for (JacksonException.Reference step : failure.getPath()) {
      location.add(step.getPropertyName() == null ? step.getIndex() : step.getPropertyName());
    }
    String said = failure.getOriginalMessage();
    return switch (failure) {
      case InvalidNullException _ -> new Misfit("missing", location, "Field required", null);
      case UnrecognizedPropertyException e -> {
        List<String> known =
            e.getKnownPropertyIds() == null
                ? List.of()
                : e.getKnownPropertyIds().stream().map(String::valueOf).toList();
        String name = e.getPropertyName();
        yield new Misfit(
            "extra_forbidden",
            location,
            "unknown key" + DidYouMean.hint(name, known),
            shortened(name));
      }
      case InvalidFormatException e ->
          new Misfit(
              "type_error",
              location,
              "expected %s, got '%s'"
                  .formatted(expected(e.getTargetType()), shortened(e.getValue())),
              shortened(e.getValue()));
      case MismatchedInputException e when e.getTargetType() != null ->
          new Misfit(
              "type_error",
              location,
              "expected %s, got %s"
                  .formatted(expected(e.getTargetType()), found(e.getCurrentToken())),
              null);
      case StreamReadException e -> {
        TokenStreamLocation place = e.getLocation();
        location.add(
            place == null
                ? 0
                : Math.max(0, Math.max(place.getCharOffset(), place.getByteOffset())));
        yield new Misfit("json_invalid", location, "JSON decode error: " + said, null);
      }
      default -> new Misfit("type_error", location, plain(said), null);
    };
  }

  /** Without the names of Java classes, which mean nothing to whoever wrote the request. */
  private static String plain(@Nullable String said) {
    return said == null
        ? "does not fit"
        : said.replaceAll("`?(?:[a-z0-9_]+\\.){2,}([A-Za-z0-9_$<>,. \\[\\]]+)`?", "$1");
  }

  private static String found(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "nothing";
      case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
      case START_ARRAY, END_ARRAY -> "a list";
      case VALUE_STRING -> "text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      case VALUE_NULL -> "null";
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
    };
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "something else";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (Map.class.isAssignableFrom(type) || type.isRecord()) {
      return "an object";
    }
    if (type.isEnum()) {
      List<String> names = new ArrayList<>();
      for (Object constant : type.getEnumConstants()) {
        names.add(constant.toString());
      }
      return "one of " + String.join(", ", names);
    }
    return switch (type.getSimpleName()) {
      case "int", "long", "Integer", "Long" -> "a whole number";
      case "double", "Double", "float", "Float", "BigDecimal" -> "a number";
      case "String" -> "text";
      case "boolean", "Boolean" -> "true or false";
      case "Instant" -> "a time in ISO 8601";
      default -> type.getSimpleName();
    };
  }

  private static String shortened(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= LONGEST_INPUT ? text : text.substring(0, LONGEST_INPUT) + "...";
  }
}
