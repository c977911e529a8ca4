package org.spinor.server.provisioning;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.server.configuration.Configuration;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;

/**
 * Parameters that every queue may have, whatever its plug-in: they are about the pilot, not about
 * the element.
 */
final class PilotParameters {
  private static final String EDGE = "Edge";
  private static final String NODES = Configuration.Queue.NODES;
  private static final int MOST_NODES = 10_000;

  private static final List<Parameter> OWN =
      List.of(
          Parameter.text(
              EDGE,
              "",
              "Pilots reach this installation through an edge agent: http://login01:8421, or file:///shared/spool."),
          Parameter.number(
              NODES, 1, "", "Nodes of one allocation; on each runs a pilot. Default: 1."));

  private PilotParameters() {}

  /** Everything that is wrong with the parameters of a queue, each in one line. */
  static List<String> problems(List<Parameter> ofPlugin, Map<String, String> given) {
    List<Parameter> known = new ArrayList<>(ofPlugin);
    known.addAll(OWN);
    List<String> problems = new ArrayList<>(Parameters.problems(known, given));
    String edge = given.getOrDefault(EDGE, "");
    if (!edge.isEmpty() && !isEdge(edge)) {
      problems.add(
          EDGE
              + ": '"
              + edge
              + "' is not the address of an edge: http://login01:8421 without a path, or file:///shared/spool");
    }
    String nodes = given.getOrDefault(NODES, "1").strip();
    if (nodes.matches("\\d{1,18}")
        && (Long.parseLong(nodes) < 1 || Long.parseLong(nodes) > MOST_NODES)) {
      problems.add(NODES + ": '" + nodes + "' is not 1 to " + MOST_NODES);
    }
    return problems;
  }

  /** As {@link #problems(List, Map)}, with what does not go together. */
  static List<String> problems(List<Parameter> ofPlugin, Configuration.Queue queue) {
    List<String> problems = problems(ofPlugin, queue.parameters());
    int most = queue.maxPilots();
    if (most > 0 && queue.nodes() > most) {
      problems.add(NODES + ": " + queue.nodes() + " is more than MaxTotalPilots, " + most);
    }
    return problems;
  }

  private static boolean isEdge(String text) {
    try {
      URI edge = URI.create(text);
      String path = Optional.ofNullable(edge.getPath()).orElse("");
      return switch (String.valueOf(edge.getScheme())) {
        case "http", "https" -> edge.getHost() != null && path.matches("/?");
        // one word of a shell, and of a file of settings
        case "file" -> edge.getHost() == null && path.matches("/[A-Za-z0-9_./+@-]+");
        default -> false;
      };
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Those that the plug-in described. */
  static Map<String, String> ofPlugin(Configuration.Queue queue) {
    Map<String, String> others = new LinkedHashMap<>(queue.parameters());
    OWN.forEach(own -> others.remove(own.name()));
    return others;
  }

  /** The address under which pilots of a queue call; empty: that of this installation. */
  static Optional<String> edge(Configuration.Queue queue) {
    return Optional.of(queue.parameters().getOrDefault(EDGE, "")).filter(edge -> !edge.isEmpty());
  }
}
