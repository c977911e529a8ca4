package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.PodmanImage;
import org.spinor.plugins.testbed.Shell;

/** Jobs that are contained by real bubblewrap, and jobs in an image of a real Podman. */
class ContainersIT {
  private static final String SITE = "TEST.Containers.here";

  @Test
  void halfOfTheJobsAreInBubblewrapAndHalfInPodman() {
    Shell.need("bubblewrap");
    Assumptions.assumeTrue(
        Shell.run(Map.of(), "bwrap", "--ro-bind", "/", "/", "--unshare-pid", "true").code() == 0,
        "bubblewrap does not work here");
    try (PodmanImage image = new PodmanImage("localhost/spinor-it:1");
        ServerProcess server =
            ServerProcess.withConfiguration(
                Configurations.sites(
                    """
                    %s:
                      CEs:
                        localhost:
                          CEType: Local
                          Overcommit: true
                          Queues:
                            default: {CPUTime: 500000, NumberOfProcessors: 8, IdlePilots: 2, MaxTotalPilots: 2, Tag: Container}
                    """
                        .formatted(SITE)),
                Configurations.PILOTS_STAY)) {
      new TwoHundredJobs(server, SITE, new TwoHundredJobs.Service(() -> {}, () -> {}))
          .run(
              // Its own process numbers begin with 1.
              new TwoHundredJobs.Sort("test -d /usr/lib -a $$ -lt 100", ""),
              new TwoHundredJobs.Sort(
                  "test -d /only-in-the-image",
                  "ContainerImage = \"%s\";".formatted(image.name())));
      SitePilots pilots = new SitePilots(server.as("admin", "admin"), SITE);
      List<String> logs = pilots.all().stream().map(pilots::log).toList();
      assertThat(logs).anyMatch(log -> log.contains("payloads are contained by: bubblewrap"));
      assertThat(logs).anyMatch(log -> log.contains(image.name() + " is run by podman"));
      Await.until(
          "no container is left, not of the pilots that were ended either",
          Duration.ofMinutes(3),
          () ->
              Shell.works(Map.of(), "podman", "ps", "-aq", "--filter", "ancestor=" + image.name())
                  .isBlank());
    }
  }
}
