package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Worker nodes that reach nothing, at a centre where nothing of ours runs but pilots: the server
 * does all by the SSH connection to its login host.
 */
class SshSpoolIT {
  private static final int HEARTBEAT = 10;
  private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(4 * HEARTBEAT);

  @Test
  void nodesThatReachNothingRunJobsThroughTheServersOwnConnection() {
    try (ClosedCentre centre = new ClosedCentre(2);
        ServerProcess server = ServerProcess.withConfiguration(centre.configuration(HEARTBEAT))) {
      for (String node : centre.nodes()) {
        EdgeIT.assertNoWayOut(node, server.url().toString());
        assertThat(Namespaces.inside(node, "ip", "-o", "link")).doesNotContain("UP");
      }
      Api operator = server.as("admin", "admin");
      Await.until(
          () -> "the spool is up: " + edge(operator),
          Duration.ofMinutes(3),
          () -> edge(operator).contains(centre.spool() + ": up since"));
      ClosedJobs.run(
          server.as("user", "alice"),
          jobs -> {
            centre.login().stop();
            jobs.open();
            Await.until(
                () -> "that is seen: " + edge(operator),
                Duration.ofMinutes(3),
                () -> edge(operator).contains("away since"));
            ClosedJobs.pause(LONGER_THAN_A_LEASE);
            centre.login().start();
          },
          jobs -> {
            server.killHard();
            jobs.open();
            ClosedJobs.pause(Duration.ofSeconds(4));
            server.startAgain();
          });
      SiteTest test =
          SiteTest.of(server.as("admin", "admin", "Operator", "SiteManager"), centre.site());
      test.passed();
      assertThat(test.states()).containsEntry("edge", "ok");
      assertThat(centre.spool().resolve("requests")).isDirectory();
      assertThat(centre.login().logins()).as("logins").isLessThan(20);
    }
  }

  private static String edge(Api operator) {
    return operator.ok("GET", "/api/queues", null).get(0).path("edge").asString("");
  }
}
