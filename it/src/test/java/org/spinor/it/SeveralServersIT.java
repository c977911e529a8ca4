package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Two servers over one PostgreSQL, behind one address, share a centre that is reached by SSH alone:
 * its queue, its spool, its jobs. Whatever one of them holds when it ends, the other takes over.
 */
class SeveralServersIT {
  private static final String HOLDS_THE_SPOOL = "this server answers what is in the spool";
  private static final int HEARTBEAT = 10;

  /** By default a pilot without work ends sooner than a server may have started. */
  private static final Map<String, String> STAY =
      Map.of("SPINOR_PROVISIONING_PILOTOPTIONS", "--idle=10m");

  @Test
  void eitherTakesOverWhatTheOtherHeld() {
    try (ClosedCentre centre = new ClosedCentre(2);
        ServerProcess database = ServerProcess.withConfiguration(Configurations.WITHOUT_PILOTS);
        FrontDoor door = new FrontDoor()) {
      database.killHard(); // its PostgreSQL lives on, and is now nobody's
      try (ServerProcess first =
              ServerProcess.withConfiguration(
                  centre.configuration(HEARTBEAT),
                  STAY,
                  "--db-url",
                  database.databaseUrl(),
                  "--issuer",
                  door.url().toString());
          ServerProcess second = first.second()) {
        door.open(List.of(first, second));
        String token = first.token("user", "alice");
        SitePilots pilots =
            new SitePilots(new Api(door.url(), first.token("admin", "admin")), centre.site());
        awaitSpool(first, 1);
        ClosedJobs.run(
            new Api(door.url(), token),
            () -> {
              first.killHard();
              awaitSpool(second, 1);
              first.startAgain();
            },
            () -> {
              second.terminate();
              awaitSpool(first, 2);
              second.startAgain();
            });
        assertThat(pilots.with("Running")).hasSize(2);
        assertThat(centre.allocations())
            .as("jobs of the batch system, each known to the servers and of two nodes")
            .isEqualTo(pilots.all().size() / 2);
      }
    }
  }

  private static void awaitSpool(ServerProcess server, int times) {
    Await.until(
        "%s has the spool for time %d".formatted(server.url(), times),
        Duration.ofMinutes(2),
        () -> server.logged(HOLDS_THE_SPOOL) == times);
  }
}
