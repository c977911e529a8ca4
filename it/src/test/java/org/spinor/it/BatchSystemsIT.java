package org.spinor.it;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.GridEngineCluster;
import org.spinor.plugins.testbed.OarCluster;

/**
 * Jobs through pilots in real batch systems, that find out how long their slots last. The batch
 * system is away for a while.
 */
class BatchSystemsIT {
  private static final String SITE = "TEST.Batch.here";

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
                        .formatted(SITE, engine.folder(), engine.batchEnvironment())),
                Configurations.PILOTS_STAY)) {
      new TwoHundredJobs(
              server, SITE, new TwoHundredJobs.Service(engine::stopMaster, engine::startMaster))
          .run();
      SitePilots pilots = new SitePilots(server.as("admin", "admin"), SITE);
      pilots.assertTimeLeft("hard", Duration.ofMinutes(20));
      pilots.assertTimeLeft("soft", Duration.ofMinutes(10));
      pilots.assertTimeLeft("short", Duration.ofMinutes(15));
    }
  }

  @Test
  void oarIsAway() {
    try (OarCluster oar = new OarCluster();
        ServerProcess server =
            ServerProcess.withConfiguration(
                Configurations.sites(
                    """
                    %s:
                      CEs:
                        oar:
                          CEType: Batch
                          BatchSystem: OAR
                          SharedArea: %s/area
                          FileLatencySeconds: 3
                          BatchFolder: %s
                          WallTimeMinutes: 30
                          Queues:
                            default: {CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 3, MaxTotalPilots: 3}
                    """
                        .formatted(SITE, oar.folder(), oar.programs())),
                Configurations.PILOTS_STAY)) {
      new TwoHundredJobs(
              server, SITE, new TwoHundredJobs.Service(oar::stopServer, oar::startServer))
          .run();
    }
  }
}
