package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.Arex;
import org.spinor.plugins.testbed.Shell;
import tools.jackson.databind.JsonNode;

/**
 * Jobs through pilots that a real A-REX starts, under another account where this one is root. The
 * service is stopped and started in between, and pilots are ended.
 */
class ArcIT {
  private static final int JOBS = 200;

  private static String configuration(Arex arex) {
    return Configurations.WITHOUT_PILOTS
        + """
              TEST.Arc.here:
                CEs:
                  localhost:
                    CEType: ARC
                    Endpoint: %s
                    Authentication: X509
                    CredentialFile: %s
                    KeyFile: %s
                    CAPath: %s
                    SharedSession: true
                    Queues:
                      fork: {CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 4, MaxTotalPilots: 4}
          """
            .formatted(arex.endpoint(), arex.certificate(), arex.key(), arex.authorities());
  }

  @Test
  void twoHundredJobsEndOnceThoughArcIsAwayAndAPilotIsEnded() {
    try (Arex arex = new Arex("fork", "fork", Map.of());
        ServerProcess server = ServerProcess.withConfiguration(configuration(arex))) {
      Api user = server.as("user", "alice");
      Api operator = server.as("admin", "admin");
      List<Long> ids =
          user.submit(
              """
              Executable = "/bin/sh"; Arguments = "-c 'sleep 2; echo job %%n'"; Parameters = %d; OutputSandbox = {"std.out"};
              """
                  .formatted(JOBS));
      await("the first are done", user, ids, 5);
      arex.stop();
      String ended = runningPilot(operator);
      operator.ok("POST", "/api/pilots/" + ended + "/kill", null);
      await("others go on without ARC", user, ids, 30);
      arex.start();
      assertThat(user.waitForAll(ids, Duration.ofMinutes(6))).isEqualTo(Map.of("Done", JOBS));
      ids.forEach(id -> endedOnce(user, id));
      assertThat(pilots(operator, "Deleted")).contains(ended);
      assertThat(operator.call("GET", "/api/pilots/" + ended, null).body())
          .contains("TEST.Arc.here");
    }
  }

  private static void await(String what, Api user, List<Long> ids, int done) {
    Await.until(
        () -> what + "; last seen " + user.statuses(ids),
        Duration.ofMinutes(4),
        () -> user.statuses(ids).getOrDefault("Done", 0) >= done);
  }

  private static void endedOnce(Api user, long id) {
    List<String> outcomes = new ArrayList<>();
    for (JsonNode attempt : user.ok("GET", "/api/jobs/" + id + "/attempts", null)) {
      outcomes.add(attempt.path("outcome").asString());
    }
    assertThat(outcomes).as("attempts of job %d", id).endsWith("done");
    assertThat(outcomes.subList(0, outcomes.size() - 1))
        .as("attempts of job %d", id)
        .allMatch("infrastructure"::equals);
    JsonNode output = user.ok("GET", "/api/jobs/" + id + "/sandbox/output", null);
    assertThat(output.size()).as("output of job %d", id).isEqualTo(1);
    assertThat(Archives.namesIn(user, output.get(0).asString())).contains("std.out");
  }

  private static String runningPilot(Api operator) {
    List<String> running = new ArrayList<>();
    Shell.eventually(
        "a running pilot",
        Duration.ofMinutes(2),
        () -> running.addAll(pilots(operator, "Running")));
    return running.getFirst();
  }

  private static List<String> pilots(Api operator, String status) {
    List<String> stamps = new ArrayList<>();
    operator
        .ok(
            "POST",
            "/api/pilots/search",
            Map.of(
                "search",
                List.of(Map.of("parameter", "Status", "operator", "eq", "value", status))))
        .forEach(pilot -> stamps.add(pilot.path("PilotStamp").asString()));
    return stamps;
  }
}
