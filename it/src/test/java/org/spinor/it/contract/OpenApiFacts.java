package org.spinor.it.contract;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Takes an OpenAPI document apart into facts that can be compared. */
final class OpenApiFacts {
  private static final int DEEP = 8;
  private static final Map<String, String> BODIES =
      Map.of("application/json", "json", "application/x-www-form-urlencoded", "form");

  private final JsonNode document;

  private OpenApiFacts(JsonNode document) {
    this.document = document;
  }

  /** By route; the names of variables in paths do not count. */
  static Map<String, Operation> of(JsonNode document) {
    OpenApiFacts facts = new OpenApiFacts(document);
    Map<String, Operation> routes = new TreeMap<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            routes.put(
                                route(
                                    method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()),
                                facts.operation(method.getValue()))));
    return routes;
  }

  static String route(String text) {
    return text.replaceAll("\\{[^}]*}", "{}");
  }

  private Operation operation(JsonNode operation) {
    Map<String, Fact> facts = new TreeMap<>();
    operation
        .path("parameters")
        .forEach(
            parameter -> {
              String in = parameter.path("in").asString();
              String name = parameter.path("name").asString();
              facts.put(
                  in + " " + (in.equals("header") ? name.toLowerCase(Locale.ROOT) : name),
                  new Fact(
                      types(parameter.path("schema")),
                      !parameter.path("required").asBoolean(false)));
            });
    JsonNode body = operation.path("requestBody");
    body.path("content")
        .properties()
        .forEach(
            content ->
                walk(
                    facts,
                    BODIES.getOrDefault(content.getKey(), content.getKey()) + " ",
                    "",
                    content.getValue().path("schema"),
                    !body.path("required").asBoolean(false),
                    0));
    operation
        .path("responses")
        .properties()
        .forEach(answer -> answer(facts, answer.getKey(), answer.getValue().path("content")));
    JsonNode security =
        operation.has("security") ? operation.path("security") : document.path("security");
    return new Operation(operation.path("operationId").asString(), !security.isEmpty(), facts);
  }

  private void answer(Map<String, Fact> facts, String status, JsonNode contents) {
    if (contents.isEmpty()) {
      facts.put(status, new Fact(Set.of("empty"), false));
    }
    contents
        .properties()
        .forEach(
            content -> walk(facts, status + " ", "", content.getValue().path("schema"), false, 0));
  }

  private void walk(
      Map<String, Fact> facts,
      String prefix,
      String name,
      JsonNode given,
      boolean optional,
      int depth) {
    if (depth > DEEP) {
      return;
    }
    facts.merge(prefix + (name.isEmpty() ? "." : name), new Fact(types(given), optional), Fact::or);
    parts(facts, prefix, name, resolved(given), depth);
  }

  private void parts(
      Map<String, Fact> facts, String prefix, String name, JsonNode schema, int depth) {
    for (String kind : Set.of("anyOf", "oneOf", "allOf")) {
      schema.path(kind).forEach(each -> parts(facts, prefix, name, resolved(each), depth));
    }
    if (schema.has("items")) {
      walk(facts, prefix, name + "[]", schema.path("items"), false, depth + 1);
    }
    Set<String> required = new TreeSet<>();
    schema.path("required").forEach(each -> required.add(each.asString()));
    schema
        .path("properties")
        .properties()
        .forEach(
            property ->
                walk(
                    facts,
                    prefix,
                    (name.isEmpty() ? "" : name + ".") + property.getKey(),
                    property.getValue(),
                    !required.contains(property.getKey()),
                    depth + 1));
    if (schema.path("additionalProperties").isObject()
        && !schema.path("additionalProperties").isEmpty()) {
      walk(facts, prefix, name + "{}", schema.path("additionalProperties"), false, depth + 1);
    }
  }

  private JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : resolved(document.at(reference.substring(1)));
  }

  /** Without null: whether it may be null is not what clients trip over. */
  private Set<String> types(JsonNode given) {
    JsonNode schema = resolved(given);
    Set<String> types = new TreeSet<>();
    JsonNode type = schema.path("type");
    if (type.isString()) {
      types.add(type.asString());
    } else if (type.isArray()) {
      type.forEach(each -> types.add(each.asString()));
    } else {
      for (String kind : Set.of("anyOf", "oneOf", "allOf")) {
        schema.path(kind).forEach(each -> types.addAll(types(each)));
      }
      if (types.isEmpty()) {
        types.add("any");
      }
    }
    if (types.size() > 1) {
      types.remove("null");
    }
    return types;
  }
}
