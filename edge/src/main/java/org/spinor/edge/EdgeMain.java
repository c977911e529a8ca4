package org.spinor.edge;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.spinor.client.Surroundings;

/**
 * The edge as it comes with the pilot's bundle, for login nodes without a Java: {@code spinor edge}
 * without the rest. Exit codes: 0 it was told to end, 1 it cannot serve, 2 wrong use.
 */
public final class EdgeMain {
  private static final List<String> OPTIONS =
      List.of("--server", "--listen", "--spool", "--state", "--ca");

  private EdgeMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    List<String> problems = new ArrayList<>();
    Map<String, String> values = values(List.of(arguments), problems);
    Path state = Path.of(values.getOrDefault("--state", standardState(System.getenv()).toString()));
    if (List.of(arguments).contains("--help")) {
      help();
      return;
    }
    if (values.containsKey("--status")) {
      Optional<String> last = Edge.lastStatus(state);
      System.out.println(last.map(String::strip).orElse("no edge ever ran with " + state));
      System.exit(last.isPresent() ? 0 : 1);
    }
    Optional<EdgeSettings> settings =
        EdgeSettings.read(
            values.getOrDefault("--server", ""),
            values.getOrDefault("--listen", ""),
            values.getOrDefault("--spool", ""),
            state,
            problems);
    if (settings.isEmpty()) {
      problems.forEach(problem -> System.err.println("spinor-edge: " + problem));
      System.err.println("see: spinor-edge --help");
      System.exit(2);
      return;
    }
    try {
      run(settings.get(), Optional.ofNullable(values.get("--ca")).map(Path::of), System.getenv());
    } catch (IOException e) {
      System.err.println("spinor-edge: " + e.getMessage());
      System.exit(1);
    }
  }

  /**
   * Serves until the process is told to end.
   *
   * @param ca certificates by which the server is known, besides the usual ones
   * @throws IOException it cannot begin; the message says why
   */
  public static void run(EdgeSettings settings, Optional<Path> ca, Map<String, String> environment)
      throws IOException, InterruptedException {
    Surroundings.apply(environment, ca);
    Edge edge = Edge.start(settings, EdgeMain::say);
    Runtime.getRuntime().addShutdownHook(new Thread(edge::close, "end"));
    new CountDownLatch(1).await();
  }

  private static void say(String line) {
    System.err.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + line);
  }

  /** The folder of an edge that is told none. */
  public static Path standardState(Map<String, String> environment) {
    return Path.of(environment.getOrDefault("HOME", "."), ".spinor", "edge");
  }

  private static Map<String, String> values(List<String> arguments, List<String> problems) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String[] parts = arguments.get(i).split("=", 2);
      if (List.of("--help", "--status").contains(parts[0])) {
        values.put(parts[0], "yes");
      } else if (!OPTIONS.contains(parts[0])) {
        problems.add("'" + parts[0] + "' is no option");
      } else if (parts.length == 2) {
        values.put(parts[0], parts[1]);
      } else if (i + 1 < arguments.size()) {
        values.put(parts[0], arguments.get(++i));
      } else {
        problems.add(parts[0] + " has no value");
      }
    }
    return values;
  }

  private static void help() {
    System.out.println(
        """
        spinor-edge: the way out for pilots on nodes without one. Runs on a login node, passes on
        what pilots ask of one server, and nothing else.

          --server=URL           the server, as https://host:8000. Needed.
          --listen=ADDRESS:PORT  an address of the inner network; without a port: 8421
          --spool=FOLDER         a folder that the nodes share, for nodes without any network
          --state=FOLDER         its own folder [~/.spinor/edge]
          --ca=PATH              a file or a folder of PEM certificates to trust besides the usual
          --status               print what an edge with this folder last said of itself

        Examples:
          spinor-edge --server=https://spinor.example.org:8000 --listen=10.1.0.1:8421
          spinor-edge --server=https://spinor.example.org:8000 --spool=$HOME/spinor-spool

        The proxies named by https_proxy, http_proxy and no_proxy are used.""");
  }
}
