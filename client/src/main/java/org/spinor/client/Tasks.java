package org.spinor.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The calls about the server's background tasks. */
public final class Tasks {
  private final Transport transport;

  Tasks(Transport transport) {
    this.transport = transport;
  }

  /**
   * @param state {@code dead}, {@code waiting} or {@code running}
   */
  public List<JsonNode> list(String state) {
    String path = "/api/tasks?state=" + URLEncoder.encode(state, StandardCharsets.UTF_8);
    return Json.tree(transport.json("GET", path, null).body()).valueStream().toList();
  }

  /** A dead task is tried again now. */
  public void retry(String id) {
    transport.json(
        "POST", "/api/tasks/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/retry", null);
  }

  /** A dead task is forgotten. */
  public void delete(String id) {
    transport.json("DELETE", "/api/tasks/" + URLEncoder.encode(id, StandardCharsets.UTF_8), null);
  }
}
