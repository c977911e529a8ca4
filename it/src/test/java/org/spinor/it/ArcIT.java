package org.spinor.it;

import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.Arex;
import org.spinor.plugins.testbed.SlurmCluster;

/**
 * Jobs through pilots that a real A-REX hands to a real Slurm, which starts them under another
 * account where this one is root. A-REX is away for a while.
 */
class ArcIT {
  private static final String SITE = "TEST.Arc.here";

  @Test
  void arcIsAwayAndSlurmGoesOn() {
    try (SlurmCluster slurm = new SlurmCluster();
        Arex arex = new Arex("slurm", "long", slurm.environment());
        ServerProcess server =
            ServerProcess.withConfiguration(
                Configurations.sites(
                    """
                    %s:
                      CEs:
                        localhost:
                          CEType: ARC
                          Endpoint: %s
                          Authentication: X509
                          CredentialFile: %s
                          KeyFile: %s
                          CAPath: %s
                          Queues:
                            long: {CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 4, MaxTotalPilots: 4}
                    """
                        .formatted(
                            SITE,
                            arex.endpoint(),
                            arex.certificate(),
                            arex.key(),
                            arex.authorities())),
                Configurations.PILOTS_STAY)) {
      new TwoHundredJobs(server, SITE, new TwoHundredJobs.Service(arex::stop, arex::start)).run();
    }
  }
}
