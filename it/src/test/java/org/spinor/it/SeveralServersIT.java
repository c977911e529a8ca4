package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two servers over one PostgreSQL, behind one address, share a centre that is reached by SSH alone:
 * its queue, its spool, its jobs. Whatever one of them holds when it ends, the other takes over.
 */
class SeveralServersIT {
  private static final String HOLDS_THE_SPOOL = "this server answers what is in the spool";
  private static final int HEARTBEAT = 20;

  @Test
  void eitherTakesOverWhatTheOtherHeld() {
    try (ClosedCentre centre = new ClosedCentre(2);
        ServerProcess database = ServerProcess.withConfiguration(Configurations.WITHOUT_PILOTS);
        FrontDoor door = new FrontDoor()) {
      database.killHard(); // its PostgreSQL lives on, and is now nobody's
      try (ServerProcess first =
              ServerProcess.withConfiguration(
                  centre.configuration(HEARTBEAT),
                  Configurations.PILOTS_STAY,
                  "--db-url",
                  database.databaseUrl(),
                  "--issuer",
                  door.url().toString());
          ServerProcess second = first.second()) {
        door.open(List.of(first, second));
        String token = first.token("user", "alice");
        SitePilots pilots =
            new SitePilots(new Api(door.url(), first.token("admin", "admin")), centre.site());
        ServerProcess holder = awaitHolder(first, second);
        ServerProcess other = holder == first ? second : first;
        ClosedJobs.run(
            new Api(door.url(), token),
            jobs -> {
              holder.killHard();
              jobs.open();
              awaitSpool(other, holder);
              holder.startAgain();
            },
            jobs -> {
              other.terminate();
              jobs.open();
              awaitSpool(holder, other);
              other.startAgain();
            });
        assertThat(pilots.with("Running")).hasSize(2);
        assertThat(centre.allocations())
            .as("jobs of the batch system, each known to the servers and of two nodes")
            .isEqualTo(pilots.all().size() / 2);
      }
    }
  }

  /** Whichever looked first: both may. */
  private static ServerProcess awaitHolder(ServerProcess first, ServerProcess second) {
    Await.until(
        "a server has the spool",
        Duration.ofMinutes(3),
        () -> has(first, second) || has(second, first));
    return has(first, second) ? first : second;
  }

  /** However often it changed hands before. */
  private static void awaitSpool(ServerProcess server, ServerProcess other) {
    Await.until(
        () -> server.url() + " has the spool", Duration.ofMinutes(3), () -> has(server, other));
  }

  /** The one took it later than the other did. */
  private static boolean has(ServerProcess server, ServerProcess other) {
    return server.lastLogged(HOLDS_THE_SPOOL).compareTo(other.lastLogged(HOLDS_THE_SPOOL)) > 0;
  }
}
