package org.spinor.cli.console;

import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** The form in which a command prints its data. */
public enum Output {
  /** For people. */
  table,
  /** For programs: one JSON document. */
  json,
  /** For both: one YAML document. */
  yaml;

  /**
   * Prints data.
   *
   * @param data any record, collection, map or JSON tree
   * @param forPeople prints it as people like it
   */
  public void print(Terminal terminal, Object data, Runnable forPeople) {
    switch (this) {
      case table -> forPeople.run();
      case json ->
          terminal
              .out()
              .println(
                  Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(tree(data)));
      case yaml -> terminal.out().print(Yaml.write(tree(data)));
    }
    terminal.out().flush();
  }

  private static JsonNode tree(Object data) {
    return data instanceof JsonNode tree ? tree : Json.mapper().valueToTree(data);
  }
}
