package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Jobs on nodes without a way out, while whoever passes on their calls breaks off. */
final class ClosedJobs {
  private ClosedJobs() {}

  /** What breaks off, and comes back. */
  interface Break {
    /**
     * From its beginning to its end.
     *
     * @param jobs holds those that run; to be opened while nothing is passed on, so that they end
     *     meanwhile
     */
    void happen(Gate jobs);
  }

  /**
   * Sandboxes both ways, a look at what runs, a kill, and breaks in the middle.
   *
   * @param breaks each during jobs of its own; over when it returns
   */
  static void run(Api user, Break... breaks) {
    String input =
        Archives.upload(
            user, Archives.tarBz2("input.txt", "from outside\n".getBytes(StandardCharsets.UTF_8)));
    String mark = Processes.newMark();
    long watched =
        user.submit(
                """
                Executable = "/bin/sh"; Arguments = "-c 'echo I am here; sleep 3600'"; StdOutput = "std.out";
                ExecutionEnvironment = {"%s"};
                """
                    .formatted(mark))
            .getFirst();
    assertEachDoneOnce(user, submit(user, input, 4, "sleep 1"));
    peek(user, watched);
    for (Break each : breaks) {
      Gate gate = new Gate();
      List<Long> jobs = submit(user, input, 8, gate.passed());
      Await.until(
          "some of them run",
          Duration.ofMinutes(2),
          () -> user.statuses(jobs).getOrDefault("Running", 0) > 0);
      each.happen(gate);
      assertEachDoneOnce(user, jobs);
      assertThat(user.statusOf(watched)).isEqualTo("Running");
      assertThat(Attempts.outcomes(user, watched)).hasSize(1);
    }
    user.ok("POST", "/api/jobs/kill", Map.of("job_ids", List.of(watched)));
    Await.until(
        "the payload is gone", Duration.ofMinutes(3), () -> Processes.withMark(mark).isEmpty());
    assertThat(user.statusOf(watched)).isEqualTo("Killed");
  }

  private static List<Long> submit(Api user, String input, int jobs, String script) {
    return user.submit(
        """
        Executable = "/bin/sh"; Arguments = "-c '%s; cat input.txt >result.txt; echo %%n'"; Parameters = %d;
        InputSandbox = {"%s"}; OutputSandbox = {"std.out", "result.txt"};
        """
            .formatted(script, jobs, input));
  }

  private static void assertEachDoneOnce(Api user, List<Long> ids) {
    assertThat(user.waitForAll(ids, Duration.ofMinutes(5))).isEqualTo(Map.of("Done", ids.size()));
    for (long id : ids) {
      assertThat(Attempts.outcomes(user, id)).as("attempts of job %d", id).containsExactly("done");
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

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
