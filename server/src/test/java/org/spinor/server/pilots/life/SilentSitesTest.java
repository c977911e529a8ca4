package org.spinor.server.pilots.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.PilotStatus;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.jobs.Unheard;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotRoom;

class SilentSitesTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final FakeJobs JOBS = new FakeJobs();
  private static final PilotRoom ROOM = new PilotRoom(DATABASE, DATABASE.notifications(), JOBS);
  private static final AtomicInteger SITES = new AtomicInteger();

  private final String site = "LCG.Site" + SITES.incrementAndGet() + ".org";
  private final String one = pilotOn("wn1");
  private final String two = pilotOn("wn2");

  @AfterAll
  static void close() {
    ROOM.close();
    DATABASE.close();
  }

  /** As if the servers had never been away. */
  @BeforeEach
  void nobodyWasAway() {
    DATABASE.jdbc().sql("UPDATE pilots.keeper SET seen = now(), grace_until = now()").update();
  }

  private String pilotOn(String host) {
    String stamp = ROOM.newPilot();
    DATABASE
        .jdbc()
        .sql("UPDATE pilots.pilot SET grid_site = :site WHERE stamp = :stamp")
        .param("site", site)
        .param("stamp", stamp)
        .update();
    speaks(stamp, host);
    return stamp;
  }

  private static void speaks(String stamp, String host) {
    ROOM.agents.heartbeat(
        PilotRoom.pilot(stamp), stamp, new PilotHeartbeat(List.of(), Map.of("host", host)));
  }

  private static Set<String> unheard(String... stamps) {
    return ROOM.get(Unheard.class).look().among(List.of(stamps));
  }

  private void fallSilent() {
    ROOM.age(1000);
    assertThat(unheard(one, two)).containsExactlyInAnyOrder(one, two);
  }

  private Map<String, Instant> silentSites() {
    Map<String, Instant> silent = new HashMap<>(ROOM.fleet().silentSites());
    silent.keySet().retainAll(Set.of(site));
    return silent;
  }

  @Test
  void pilotsOfASiteOfWhichNobodyIsHeardAreBelievedForTheTimeOfAnOutage() {
    ROOM.age(1000);
    ROOM.silence.run("");
    assertThat(ROOM.status(one)).isEqualTo("Running");
    assertThat(ROOM.status(two)).isEqualTo("Running");
    assertThat(silentSites().get(site)).isBefore(Instant.now().minusSeconds(999));
    ROOM.age(801);
    assertThat(unheard(one, two)).isEmpty();
    ROOM.silence.run("");
    assertThat(ROOM.status(one)).isEqualTo("Aborted");
    assertThat(ROOM.status(two)).isEqualTo("Aborted");
    assertThat(silentSites()).isEmpty();
  }

  @Test
  void whenTheFirstIsHeardAgainTheOthersHaveTimeToCall() {
    fallSilent();
    speaks(one, "wn1");
    assertThat(unheard(one, two)).contains(two);
    assertThat(silentSites()).as("somebody is heard").isEmpty();
    ROOM.age(91);
    speaks(one, "wn1");
    assertThat(unheard(one, two)).isEmpty();
    ROOM.silence.run("");
    assertThat(ROOM.status(one)).isEqualTo("Running");
    assertThat(ROOM.status(two)).isEqualTo("Aborted");
  }

  @Test
  void siteWhosePilotsHaveAllEndedIsNotSilent() {
    fallSilent();
    ROOM.fleet().ended(List.of(one, two), PilotStatus.Aborted, "node failure");
    assertThat(unheard(one, two)).isEmpty();
    assertThat(silentSites()).isEmpty();
  }

  @Test
  void siteThatFallsSilentOnceMoreIsSilentFromThen() {
    fallSilent();
    speaks(one, "wn1");
    assertThat(unheard(one, two)).hasSize(2);
    ROOM.age(100);
    assertThat(unheard(one, two)).hasSize(2);
    assertThat(silentSites().get(site))
        .isBetween(Instant.now().minusSeconds(300), Instant.now().minusSeconds(99));
  }

  @Test
  void oneThatFallsSilentWhileOthersSpeakIsDead() {
    ROOM.age(200);
    speaks(two, "wn2");
    assertThat(unheard(one)).isEmpty();
    ROOM.silence.run("");
    assertThat(ROOM.status(one)).isEqualTo("Aborted");
    assertThat(ROOM.status(two)).isEqualTo("Running");
  }

  @Test
  void oneMachineThatFallsSilentWithAllItsPilotsIsDead() {
    speaks(two, "wn1");
    ROOM.age(200);
    assertThat(unheard(one, two)).isEmpty();
    ROOM.silence.run("");
    assertThat(ROOM.status(one)).isEqualTo("Aborted");
    assertThat(ROOM.status(two)).isEqualTo("Aborted");
  }

  @Test
  void siteIsNotSilentBetweenTwoHeartbeats() {
    watchWhenAllHaveBeenSilentFor(85);
    assertThat(silentSites()).isEmpty();
    watchWhenAllHaveBeenSilentFor(95);
    assertThat(silentSites()).containsOnlyKeys(site);
  }

  /** In one transaction, where now() stands still. */
  private static void watchWhenAllHaveBeenSilentFor(int seconds) {
    DATABASE
        .transactions()
        .run(
            () -> {
              DATABASE
                  .jdbc()
                  .sql("UPDATE pilots.live SET last_seen = now() - make_interval(secs => :seconds)")
                  .param("seconds", seconds)
                  .update();
              ROOM.silence.run("");
            });
  }
}
