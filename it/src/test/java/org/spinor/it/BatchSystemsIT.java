package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.GridEngineCluster;
import tools.jackson.databind.JsonNode;

/**
 * Jobs through pilots in real batch systems, that find out how long their slots last. The batch
 * system is away for a while.
 */
class BatchSystemsIT {
  private static final String SITE = "TEST.Batch.here";

  private static final Pattern TIME_LEFT =
      Pattern.compile("(?m)^(\\S+) .*time left in the slot: (\\d+) s$");

  @Test
  void gridEngineIsAway() {
    try (GridEngineCluster engine = new GridEngineCluster();
        ServerProcess server =
            ServerProcess.withConfiguration(
                Configurations.sites(
                    """
                    %s:
                      CEs:
                        ge:
                          CEType: Batch
                          BatchSystem: GridEngine
                          SharedArea: %s/area
                          FileLatencySeconds: 3
                          BatchEnvironment: %s
                          Queues:
                            hard: {BatchQueue: long, WallTimeMinutes: 20, CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 2, MaxTotalPilots: 2}
                            soft: {BatchQueue: long, Directives: "-l s_rt=600", CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 1, MaxTotalPilots: 1}
                            short: {CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 1, MaxTotalPilots: 1}
                    """
                        .formatted(SITE, engine.folder(), engine.batchEnvironment())))) {
      new TwoHundredJobs(
              server, SITE, new TwoHundredJobs.Service(engine::stopMaster, engine::startMaster))
          .run();
      SitePilots pilots = new SitePilots(server.as("admin", "admin"), SITE);
      assertTimeLeft(pilots, "hard", Duration.ofMinutes(20));
      assertTimeLeft(pilots, "soft", Duration.ofMinutes(10));
      assertTimeLeft(pilots, "short", Duration.ofMinutes(15));
    }
  }

  /**
   * The pilots of a queue found the end of their slots, which began between their first line in the
   * log and their submission.
   */
  private static void assertTimeLeft(SitePilots pilots, String queue, Duration limit) {
    int seen = 0;
    for (String stamp : pilots.all()) {
      JsonNode pilot = pilots.show(stamp);
      Matcher told = TIME_LEFT.matcher(pilots.log(stamp));
      if (pilot.path("Queue").asString().equals(queue) && told.find()) {
        seen++;
        Instant end = Instant.parse(told.group(1)).plusSeconds(Long.parseLong(told.group(2)));
        assertThat(end)
            .as("end of the slot of %s", pilot)
            .isBetween(
                Instant.parse(pilot.path("SubmissionTime").asString()).plus(limit).minusSeconds(3),
                Instant.parse(told.group(1)).plus(limit).plusSeconds(1));
      }
    }
    assertThat(seen).as("pilots in %s that know their time", queue).isPositive();
  }
}
