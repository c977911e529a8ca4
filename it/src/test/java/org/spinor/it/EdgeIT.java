package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    try (ServerProcess server =
        ServerProcess.withConfiguration(
            Configurations.behindAnEdge(slurm, edgeAddress, 1, HEARTBEAT))) {
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
        jobsRun(server, edge);
      }
    }
  }

  @Test
  void nodesThatReachNothingRunJobsInOneAllocation() {
    String one = hosts.host("one");
    String two = hosts.host("two");
    FakeSlurm slurm = new FakeSlurm(folder, List.of(one, two));
    Path spool = folder.resolve("spool");
    try (ServerProcess server =
        ServerProcess.withConfiguration(
            Configurations.behindAnEdge(slurm, "file://" + spool, 2, HEARTBEAT))) {
      assertNoWayOut(one, server.url().toString());
      assertNoWayOut(two, server.url().toString());
      assertThat(Namespaces.inside(one, "ip", "-o", "link")).doesNotContain("UP");
      try (EdgeProcess edge =
          new EdgeProcess(
              "", folder, "--server", server.url().toString(), "--spool", spool.toString())) {
        jobsRun(server, edge);
        Api operator = server.as("admin", "admin");
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

  private static void assertNoWayOut(String node, String address) {
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

  /** Sandboxes both ways, a look at what runs, a kill, and an edge that dies in the middle. */
  private void jobsRun(ServerProcess server, EdgeProcess edge) {
    Api user = server.as("user", "alice");
    String input =
        Archives.upload(
            user, Archives.tarBz2("input.txt", "from outside\n".getBytes(StandardCharsets.UTF_8)));
    long watched =
        user.submit(
                "Executable = \"/bin/sh\"; Arguments = \"-c 'echo I am here; sleep 600'\"; StdOutput = \"std.out\";")
            .getFirst();
    List<Long> first = submit(user, input, 4, 1);
    assertEachDoneOnce(user, first);
    peek(user, watched);

    List<Long> second = submit(user, input, 8, 6);
    Await.until(
        "some of them run",
        Duration.ofMinutes(2),
        () -> user.statuses(second).getOrDefault("Running", 0) > 0);
    edge.killHard();
    pause(Duration.ofSeconds(4));
    edge.start();
    assertEachDoneOnce(user, second);
    assertThat(user.statusOf(watched)).isEqualTo("Running");

    user.ok("POST", "/api/jobs/kill", Map.of("job_ids", List.of(watched)));
    Await.until(
        "the payload is gone",
        Duration.ofMinutes(1),
        () -> Processes.withMark("DIRACJOBID=" + watched).isEmpty());
    assertThat(user.statusOf(watched)).isEqualTo("Killed");
  }

  private static List<Long> submit(Api user, String input, int jobs, int seconds) {
    return user.submit(
        """
        Executable = "/bin/sh"; Arguments = "-c 'sleep %d; cat input.txt >result.txt; echo %%n'"; Parameters = %d;
        InputSandbox = {"%s"}; OutputSandbox = {"std.out", "result.txt"};
        """
            .formatted(seconds, jobs, input));
  }

  private static void assertEachDoneOnce(Api user, List<Long> ids) {
    assertThat(user.waitForAll(ids, Duration.ofMinutes(5))).isEqualTo(Map.of("Done", ids.size()));
    for (long id : ids) {
      List<String> outcomes = new ArrayList<>();
      for (JsonNode attempt : user.ok("GET", "/api/jobs/" + id + "/attempts", null)) {
        outcomes.add(attempt.path("outcome").asString());
      }
      assertThat(outcomes).as("attempts of job %d", id).containsExactly("done");
      JsonNode output = user.ok("GET", "/api/jobs/" + id + "/sandbox/output", null);
      assertThat(Archives.namesIn(user, output.get(0).asString()))
          .contains("std.out", "result.txt");
    }
  }

  private static void peek(Api user, long id) {
    Await.until(
        () -> "its output is seen: " + user.call("GET", "/api/jobs/" + id + "/peek", null).body(),
        Duration.ofMinutes(2),
        () -> user.call("GET", "/api/jobs/" + id + "/peek", null).body().contains("I am here"));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
