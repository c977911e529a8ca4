package org.spinor.server.provisioning.elements;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.server.configuration.Configuration;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.computing.SiteFolderPlugin;

/**
 * Parameters that every queue may have, whatever its plug-in: they are about the pilot, not about
 * the element.
 */
public final class PilotParameters {
  private static final String EDGE = "Edge";
  private static final String BY_SERVER = "ssh://";
  private static final String NODES = Configuration.Queue.NODES;
  private static final int MOST_NODES = 10_000;

  private static final List<Parameter> OWN =
      List.of(
          Parameter.text(
              EDGE,
              "",
              "Pilots reach this installation through an edge agent: http://login01:8421, or file:///shared/spool; ssh:///shared/spool: the server itself answers what is in that folder."),
          Parameter.number(
              NODES, 1, "", "Nodes of one allocation; on each runs a pilot. Default: 1."));

  private PilotParameters() {}

  /** Everything that is wrong with the parameters of a queue, each in one line. */
  static List<String> problems(ComputingElementPlugin plugin, Configuration.Queue queue) {
    List<Parameter> known = new ArrayList<>(plugin.parameters());
    known.addAll(OWN);
    Map<String, String> given = queue.parameters();
    List<String> problems = new ArrayList<>(Parameters.problems(known, given));
    String edge = given.getOrDefault(EDGE, "");
    if (!edge.isEmpty() && !isEdge(edge)) {
      problems.add(
          EDGE
              + ": '"
              + edge
              + "' is not the address of an edge: http://login01:8421 without a path, file:///shared/spool, or ssh:///shared/spool");
    } else if (edge.startsWith(BY_SERVER) && !(plugin instanceof SiteFolderPlugin)) {
      problems.add(
          EDGE
              + ": '"
              + edge
              + "': elements of type "
              + plugin.name()
              + " do not open folders of their site, as those of type SSH do; run an edge agent there, and write file:"
              + edge.substring(BY_SERVER.length() - "//".length()));
    }
    String nodes = given.getOrDefault(NODES, "1").strip();
    if (nodes.matches("\\d{1,18}")
        && (Long.parseLong(nodes) < 1 || Long.parseLong(nodes) > MOST_NODES)) {
      problems.add(NODES + ": '" + nodes + "' is not 1 to " + MOST_NODES);
    }
    return problems;
  }

  /** As {@link #problems}, with what does not go together. */
  static List<String> allProblems(ComputingElementPlugin plugin, Configuration.Queue queue) {
    List<String> problems = problems(plugin, queue);
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
        case "file", "ssh" -> edge.getHost() == null && path.matches("/[A-Za-z0-9_./+@-]+");
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
  public static Optional<String> edge(Configuration.Queue queue) {
    return given(queue)
        .map(
            edge ->
                edge.startsWith(BY_SERVER) ? "file://" + edge.substring(BY_SERVER.length()) : edge);
  }

  /** The folder of the queue's site whose requests the servers answer; empty: none. */
  public static Optional<String> spool(Configuration.Queue queue) {
    return given(queue)
        .filter(edge -> edge.startsWith(BY_SERVER))
        .map(edge -> edge.substring(BY_SERVER.length()));
  }

  private static Optional<String> given(Configuration.Queue queue) {
    return Optional.of(queue.parameters().getOrDefault(EDGE, "")).filter(edge -> !edge.isEmpty());
  }
}
