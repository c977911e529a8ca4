package org.spinor.client;

import java.net.http.HttpRequest;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The calls about the configuration. */
public final class Configuration {
  private final Transport transport;

  Configuration(Transport transport) {
    this.transport = transport;
  }

  /** The whole configuration with every default. */
  public JsonNode show() {
    return Json.tree(transport.json("GET", "/api/config/", null).body());
  }

  /** Checks a configuration that is not (yet) the server's. */
  public Check check(String yaml) {
    HttpRequest request =
        transport
            .request("/api/config/check")
            .header("Content-Type", "text/yaml; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(yaml))
            .build();
    return Json.read(transport.send(request).body(), Check.class);
  }

  /**
   * What a check found.
   *
   * @param problems one line each: the path, what is wrong, what is allowed; with any, it would not
   *     be taken
   * @param warnings the same for parameters of computing elements: it would be taken, and these
   *     queues would get no pilots
   */
  public record Check(boolean valid, List<String> problems, List<String> warnings) {
    public Check {
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }
  }
}
