package org.spinor.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spinor.api.NodeInfo;
import org.spinor.api.NodeRelease;
import tools.jackson.databind.JsonNode;

/** The calls about pilots. */
public final class Pilots {
  private final Transport transport;

  Pilots(Transport transport) {
    this.transport = transport;
  }

  /**
   * @param page from 1
   * @param perPage at most {@link Jobs#MAX_PAGE}
   */
  public Page search(Search search, int page, int perPage) {
    String path = "/api/pilots/search?page=" + page + "&per_page=" + perPage;
    return Page.of(transport.json("POST", path, search.wire()));
  }

  /** How many pilots there are of each combination of values in the columns. */
  public List<JsonNode> summary(List<String> grouping, List<Condition> conditions) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("grouping", grouping);
    body.put("search", conditions.stream().map(Condition::wire).toList());
    return Json.tree(transport.json("POST", "/api/pilots/summary", body).body())
        .valueStream()
        .toList();
  }

  /** The columns of a pilot, its {@code node} and its {@code jobs}. */
  public JsonNode show(String stamp) {
    return Json.tree(transport.json("GET", path(stamp), null).body());
  }

  /** The pilot's log from a byte on; empty where there is nothing new. */
  public String log(String stamp, long offset) {
    return transport.json("GET", path(stamp) + "/log?offset=" + offset, null).body();
  }

  /** What the batch system has of the pilot's output; empty where it has nothing. */
  public String output(String stamp) {
    return transport.json("GET", path(stamp) + "/output", null).body();
  }

  /** Nodes put aside, and those on which jobs failed fast lately. */
  public List<NodeInfo> nodes() {
    return List.of(Json.read(transport.json("GET", "/api/nodes", null).body(), NodeInfo[].class));
  }

  /** Gives a node work again. */
  public void releaseNode(String site, String host) {
    transport.json("POST", "/api/nodes/release", new NodeRelease(site, host));
  }

  /** Lets the pilot finish what runs and take no more. */
  public void drain(String stamp) {
    transport.json("POST", path(stamp) + "/drain", null);
  }

  /** Ends the pilot and what it runs; its jobs wait again. */
  public void kill(String stamp) {
    transport.json("POST", path(stamp) + "/kill", null);
  }

  private static String path(String stamp) {
    return "/api/pilots/" + AddressPart.encoded(stamp);
  }
}
