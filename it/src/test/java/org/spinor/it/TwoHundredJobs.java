package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Two hundred jobs through the pilots of one site. The service that starts these goes away and
 * comes back in between; meanwhile one pilot is ended by an operator, and one dies.
 */
final class TwoHundredJobs {
  private static final int JOBS = 200;

  /** What takes pilots there, as it can be stopped and started. */
  record Service(Runnable stop, Runnable start) {}

  private final Api user;
  private final SitePilots pilots;
  private final Service service;

  TwoHundredJobs(ServerProcess server, String site, Service service) {
    this.user = server.as("user", "alice");
    this.pilots = new SitePilots(server.as("admin", "admin"), site);
    this.service = service;
  }

  /**
   * A sort of jobs.
   *
   * @param script of shell, without quotes, that fails where the job is not treated as its sort
   * @param more attributes in JDL
   */
  record Sort(String script, String more) {}

  /** Runs plain ones; each ends once, with its output. */
  void run() {
    run(new Sort("true", ""));
  }

  /** Runs as many of each sort. */
  void run(Sort... sorts) {
    List<Long> ids = new ArrayList<>();
    for (Sort sort : sorts) {
      ids.addAll(
          user.submit(
              """
              Executable = "/bin/sh"; Arguments = "-c 'sleep 1; echo job %%n; %s'"; Parameters = %d; OutputSandbox = {"std.out"};
              Site = "%s"; CPUTime = 100; %s
              """
                  .formatted(sort.script(), JOBS / sorts.length, pilots.site(), sort.more())));
    }
    await("the first are done", ids, 5);
    List<String> two = pilots.running(2);
    service.stop().run();
    pilots.end(two.getFirst());
    await("the others go on without the service", ids, 30);
    pilots.die(two.getLast());
    service.start().run();
    assertThat(user.waitForAll(ids, Duration.ofMinutes(6))).isEqualTo(Map.of("Done", JOBS));
    for (long id : ids) {
      Attempts.endedOnce(user, id);
      JsonNode outputs = user.ok("GET", "/api/jobs/" + id + "/sandbox/output", null);
      // A pilot may die between the output and the last word: the next attempt has one, too.
      assertThat(outputs.size())
          .as("outputs of job %d", id)
          .isBetween(1, Attempts.outcomes(user, id).size());
      String last = outputs.get(outputs.size() - 1).asString();
      assertThat(Archives.namesIn(user, last)).contains("std.out");
    }
    assertThat(pilots.with("Deleted")).contains(two.getFirst());
    pilots.awaitLost(two.getLast());
  }

  private void await(String what, List<Long> ids, int done) {
    Await.until(
        () -> what + "; last seen " + user.statuses(ids),
        Duration.ofMinutes(4),
        () -> user.statuses(ids).getOrDefault("Done", 0) >= done);
  }
}
