package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pilots whose requests arrive twice, late, or are answered into the void. */
class BadNetworkIT {
  @Test
  void everyJobEndsExactlyOnceOverABadNetwork() {
    try (LossyProxy proxy = new LossyProxy();
        ServerProcess server =
            ServerProcess.withConfiguration(
                Configurations.local(1, 8, 20), "--issuer", proxy.url())) {
      proxy.forwardTo(server.url());
      Api user = server.as("user", "alice");
      List<Long> ids =
          user.submit(
              """
              Executable = "/bin/sh"; Arguments = "-c 'echo result %n'"; Parameters = 40;
              OutputSandbox = {"std.out"};
              """);
      assertThat(user.waitForAll(ids, Duration.ofMinutes(6))).isEqualTo(Map.of("Done", 40));
      assertThat(proxy.lostAnswers()).isGreaterThan(20);
      assertThat(proxy.repeatedRequests()).isGreaterThan(20);
      for (long id : ids) {
        String outcomes = user.ok("GET", "/api/jobs/" + id + "/attempts", null).toString();
        assertThat(outcomes.split("\"done\"", -1)).as("job " + id + ": " + outcomes).hasSize(2);
        assertThat(user.ok("GET", "/api/jobs/" + id + "/sandbox/output", null).size()).isEqualTo(1);
      }
    }
  }
}
