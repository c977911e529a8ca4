package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.Shell;
import tools.jackson.databind.JsonNode;

/**
 * Worker nodes without a route out run jobs through an edge agent: nodes that reach the login node
 * only, and nodes that reach nothing and share a folder with it.
 */
class EdgeIT {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final int HEARTBEAT = 10;
  private static final Duration LEASE = Duration.ofSeconds(3 * HEARTBEAT);
  private static final String OUTSIDE = "10.77.1.1";
  private static final String LOGIN_OUT = "10.77.1.2";
  private static final String LOGIN_IN = "10.77.2.1";
  private static final String NODE = "10.77.2.2";

  private Namespaces hosts;
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    hosts = Namespaces.make();
    Files.createDirectories(HOME.resolve("it/target"));
    folder = Files.createTempDirectory(HOME.resolve("it/target"), "edge-");
  }

  @AfterEach
  void remove() {
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void nodesThatReachTheLoginNodeOnlyRunJobs() {
    String login = hosts.host("login");
    String node = hosts.host("node");
    hosts.connect("", OUTSIDE + "/24", login, LOGIN_OUT + "/24");
    hosts.connect(login, LOGIN_IN + "/24", node, NODE + "/24");
    Namespaces.inside(login, "sh", "-c", "echo 0 >/proc/sys/net/ipv4/ip_forward");
    FakeSlurm slurm = new FakeSlurm(folder, List.of(node));
    String edgeAddress = "http://" + LOGIN_IN + ":8421";
    // A lease is longer than the break, however slowly the edge starts.
    try (ServerProcess server =
        ServerProcess.withConfiguration(
            Configurations.behindAnEdge(slurm, edgeAddress, 1, 3 * HEARTBEAT))) {
      String address = "http://" + OUTSIDE + ":" + server.url().getPort();
      assertThat(Namespaces.inside(login, "curl", "-sS", address + "/api/health/live"))
          .contains("live");
      assertNoWayOut(node, address);
      try (EdgeProcess edge =
          new EdgeProcess(login, folder, "--server", address, "--listen", LOGIN_IN + ":8421")) {
        assertThat(status(node, edgeAddress + "/api/health/live")).isEqualTo("200");
        for (String other :
            List.of("/", "/api/jobs/search", "/api/config", "/api/pilots/a/../work", "/mcp")) {
          assertThat(status(node, edgeAddress + other)).as(other).isEqualTo("403");
        }
        ClosedJobs.run(
            server.as("user", "alice"),
            jobs -> {
              edge.killHard();
              jobs.open();
              ClosedJobs.pause(Duration.ofSeconds(4));
              edge.start();
            });
      }
    }
  }

  @Test
  void nodesThatReachNothingRunJobsInOneAllocation() {
    String one = hosts.host("one");
    String two = hosts.host("two");
    FakeSlurm slurm = new FakeSlurm(folder, List.of(one, two), true);
    Path spool = folder.resolve("spool");
    try (ServerProcess server =
        ServerProcess.withConfiguration(
            Configurations.behindAnEdge(slurm, "file://" + spool, 2, HEARTBEAT),
            Configurations.PILOTS_STAY)) {
      assertNoWayOut(one, server.url().toString());
      assertNoWayOut(two, server.url().toString());
      assertThat(Namespaces.inside(one, "ip", "-o", "link")).doesNotContain("UP");
      try (EdgeProcess edge =
          new EdgeProcess(
              "", folder, "--server", server.url().toString(), "--spool", spool.toString())) {
        Api operator = server.as("admin", "admin");
        ClosedJobs.run(
            server.as("user", "alice"),
            jobs -> {
              edge.killHard();
              jobs.open();
              ClosedJobs.pause(LEASE.plusSeconds(20));
              assertThat(
                      operator.ok("GET", "/api/sites", null).get(0).path("silent_since").asString())
                  .as("nobody of the site is heard")
                  .isNotEmpty();
              edge.start();
            });
        JsonNode pilots = operator.ok("POST", "/api/pilots/search", Map.of());
        List<String> stamps = new ArrayList<>();
        pilots.forEach(pilot -> stamps.add(pilot.path("PilotStamp").asString()));
        assertThat(stamps.stream().filter(stamp -> stamp.endsWith("-1")))
            .as("%s", stamps)
            .isNotEmpty();
        assertThat(pilotsThatRanJobs(server)).hasSizeGreaterThan(1);
      }
    }
  }

  static void assertNoWayOut(String node, String address) {
    assertThat(Namespaces.inside(node, "ip", "route")).doesNotContain("default");
    Shell.Result direct =
        Namespaces.tried(node, "curl", "-sS", "-m", "5", address + "/api/health/live");
    assertThat(direct.code()).as("%s", direct.output()).isNotZero();
  }

  private static String status(String host, String url) {
    return Namespaces.inside(
        host, "curl", "-s", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", url);
  }

  private List<String> pilotsThatRanJobs(ServerProcess server) {
    List<String> stamps = new ArrayList<>();
    server
        .as("admin", "admin")
        .ok("POST", "/api/pilots/search", Map.of())
        .forEach(
            pilot -> {
              if (pilot.path("CurrentJobID").asLong() > 0
                  || pilot.path("InitialJobID").asLong() > 0) {
                stamps.add(pilot.path("PilotStamp").asString());
              }
            });
    return stamps;
  }
}
