package org.spinor.server.pilots;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.PilotStatus;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.Pilots.Population;

class FleetTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotRoom ROOM = new PilotRoom(DATABASE);
  private static final Pilots.Queue LONG = PilotRoom.LONG;
  private final Fleet fleet = ROOM.fleet();

  @AfterAll
  static void close() {
    ROOM.close();
    DATABASE.close();
  }

  @BeforeEach
  void clean() {
    DATABASE.jdbc().sql("TRUNCATE pilots.pilot, pilots.live").update();
  }

  @Test
  void populationsCountWhatHasNotEnded() {
    List<String> stamps = fleet.create(LONG, "Memory", "dteam", 6);
    fleet.accepted(
        Map.of(stamps.get(0), "r0", stamps.get(1), "r1", stamps.get(2), "r2", stamps.get(3), "r3"));
    speak(stamps.get(0), 0);
    speak(stamps.get(1), 2);
    fleet.reported(stamps.get(2), PilotStatus.Unknown, "no such pilot");
    fleet.ended(List.of(stamps.get(5)), PilotStatus.Failed, "refused");
    assertThat(fleet.populations())
        .containsExactly(new Population(LONG, "dteam", 1, 1, 1, 2, 1, 8));
    assertThat(fleet.populations().getFirst().total()).isEqualTo(5);
  }

  @Test
  void secretsOpenTheDoorUntilTheEnd() {
    String stamp = fleet.create(LONG, "Memory", "dteam", 1).getFirst();
    String first = fleet.freshSecrets(List.of(stamp)).getOrDefault(stamp, "");
    String second = fleet.freshSecrets(List.of(stamp)).getOrDefault(stamp, "");
    assertThat(first).isNotEqualTo(second).hasSizeGreaterThan(40);
    assertThat(ROOM.secrets.voOf(stamp, first)).contains("dteam");
    assertThat(ROOM.secrets.voOf(stamp, second)).contains("dteam");
    assertThat(ROOM.secrets.voOf(stamp, first + "x")).isEmpty();
    assertThat(ROOM.secrets.voOf(stamp, "")).isEmpty();
    assertThat(ROOM.secrets.voOf("nobody", first)).isEmpty();
    fleet.ended(List.of(stamp), PilotStatus.Aborted, "gone");
    assertThat(ROOM.secrets.voOf(stamp, first)).isEmpty();
    assertThat(
            DATABASE
                .jdbc()
                .sql("SELECT secret_hashes::text FROM pilots.pilot WHERE stamp = :s")
                .param("s", stamp)
                .query(String.class)
                .single())
        .doesNotContain(first);
  }

  @Test
  void unsentPilotsAreListedUntilTheyAreAccepted() {
    List<String> stamps = fleet.create(LONG, "Memory", "dteam", 3);
    assertThat(fleet.unsent(LONG, Set.of(), 10)).extracting(Pilots.Unsent::stamp).isEqualTo(stamps);
    fleet.accepted(Map.of(stamps.get(1), "ref"));
    assertThat(fleet.unsent(LONG, Set.of(), 10))
        .extracting(Pilots.Unsent::stamp)
        .containsExactly(stamps.get(0), stamps.get(2));
    assertThat(ROOM.status(stamps.get(1))).isEqualTo("Waiting");
    speak(stamps.get(0), 0);
    assertThat(fleet.unsent(LONG, Set.of(), 10))
        .as("a pilot that speaks was accepted, whatever was answered")
        .extracting(Pilots.Unsent::stamp)
        .containsExactly(stamps.get(2));
  }

  @Test
  void silentPilotsAreAskedAboutOncePerInterval() {
    List<String> stamps = fleet.create(LONG, "Memory", "dteam", 3);
    fleet.accepted(Map.of(stamps.get(0), "r0", stamps.get(1), "r1", stamps.get(2), "r2"));
    speak(stamps.get(0), 0);
    assertThat(fleet.silent(LONG, Set.of(), Duration.ofSeconds(60), 10)).isEmpty();
    ROOM.age(61);
    speak(stamps.get(1), 0);
    assertThat(fleet.silent(LONG, Set.of(), Duration.ofSeconds(60), 10))
        .extracting(Pilots.Silent::stamp, Pilots.Silent::everSpoke)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(stamps.get(0), true),
            org.assertj.core.groups.Tuple.tuple(stamps.get(2), false));
    assertThat(fleet.silent(LONG, Set.of(), Duration.ofSeconds(60), 10)).isEmpty();
    ROOM.age(61);
    assertThat(fleet.silent(LONG, Set.of(), Duration.ofSeconds(60), 10)).hasSize(3);
  }

  @Test
  void pilotThatSpeaksIsBelievedRatherThanItsElement() {
    String stamp = fleet.create(LONG, "Memory", "dteam", 1).getFirst();
    fleet.accepted(Map.of(stamp, "r"));
    speak(stamp, 1);
    fleet.ended(List.of(stamp), PilotStatus.Aborted, "the element says so");
    assertThat(ROOM.status(stamp)).isEqualTo("Running");
    fleet.reported(stamp, PilotStatus.Unknown, "no such pilot");
    assertThat(ROOM.status(stamp)).isEqualTo("Running");
    ROOM.age(30);
    fleet.ended(List.of(stamp), PilotStatus.Aborted, "the element says so");
    assertThat(ROOM.status(stamp)).isEqualTo("Aborted");
    assertThat(ROOM.jobs.released()).contains(stamp + ": the element says so");
  }

  @Test
  void withdrawnPilotsAreCancelledWhereTheyWereAccepted() {
    List<String> stamps = fleet.create(LONG, "Memory", "dteam", 4);
    fleet.accepted(Map.of(stamps.get(0), "r0", stamps.get(1), "r1", stamps.get(2), "r2"));
    speak(stamps.get(0), 0);
    assertThat(fleet.withdraw(LONG, "dteam", 2, "nothing waits")).isEqualTo(2);
    assertThat(stamps)
        .extracting(ROOM::status)
        .containsExactly("Running", "Waiting", "Deleted", "Deleted");
    assertThat(fleet.toCancel(LONG, Set.of(), 10))
        .containsExactly(new Pilots.Placed(stamps.get(2), "dteam", "r2"));
    fleet.accepted(Map.of(stamps.get(3), "r3"));
    assertThat(fleet.toCancel(LONG, Set.of(), 10))
        .as("it was on its way")
        .contains(new Pilots.Placed(stamps.get(3), "dteam", "r3"));
    fleet.cancelled(stamps);
    assertThat(fleet.toCancel(LONG, Set.of(), 10)).isEmpty();
    assertThat(fleet.queuesInUse()).containsExactly(LONG);
  }

  @Test
  void outputOfTheElementBecomesTheLogOfThePilotThatNeverSpoke() {
    List<String> stamps = fleet.create(LONG, "Memory", "dteam", 2);
    fleet.keepOutput(stamps.get(0), "sh: not found\n");
    ROOM.agents.log(PilotRoom.pilot(stamps.get(1)), stamps.get(1), 0, new byte[] {'a'});
    fleet.keepOutput(stamps.get(1), "bbb");
    assertThat(ROOM.views.show(PilotRoom.admin(), stamps.get(0))).containsEntry("log_bytes", 14L);
    assertThat(ROOM.views.show(PilotRoom.admin(), stamps.get(1))).containsEntry("log_bytes", 1L);
  }

  private static void speak(String stamp, int running) {
    List<org.spinor.api.AttemptId> attempts = new java.util.ArrayList<>();
    for (int i = 0; i < running; i++) {
      attempts.add(ROOM.jobs.give(stamp, 100 + i, 1));
    }
    ROOM.agents.heartbeat(
        PilotRoom.pilot(stamp),
        stamp,
        new PilotHeartbeat(attempts, Map.of("host", "wn", "cores", "8")));
  }
}
