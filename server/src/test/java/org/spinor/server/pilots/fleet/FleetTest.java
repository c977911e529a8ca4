package org.spinor.server.pilots.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.PilotStatus;
import org.spinor.api.WorkAnswer;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.PilotRoom;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.Pilots.Population;
import org.spinor.server.pilots.TrialPilots;

class FleetTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotRoom ROOM = new PilotRoom(DATABASE);
  private static final Pilots.Queue LONG = PilotRoom.LONG;
  private final Pilots fleet = ROOM.fleet();

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
    List<String> stamps = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 6)));
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
  void pilotsOfSeveralQueuesAreWrittenDownAtOnce() {
    Pilots.Queue other = new Pilots.Queue("LCG.North.org", "ce1.north.org", "other");
    List<String> stamps =
        fleet.create(
            List.of(
                new Pilots.Order(LONG, "Memory", "dteam", 1),
                new Pilots.Order(other, "Memory", "biomed", 2)));
    assertThat(stamps).hasSize(3).doesNotHaveDuplicates();
    assertThat(fleet.unsent(LONG, Set.of(), 10))
        .extracting(Pilots.Unsent::stamp)
        .contains(stamps.getFirst());
    assertThat(fleet.unsent(other, Set.of(), 10))
        .extracting(Pilots.Unsent::vo)
        .containsExactly("biomed", "biomed");
    fleet.withdraw(LONG, "dteam", 1, "test");
    fleet.withdraw(other, "biomed", 2, "test");
  }

  @Test
  void secretsOpenTheDoorUntilTheEnd() {
    String stamp = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 1))).getFirst();
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
    List<String> stamps = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 3)));
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
    List<String> stamps = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 3)));
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
    String stamp = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 1))).getFirst();
    fleet.accepted(Map.of(stamp, "r"));
    speak(stamp, 1);
    // in one transaction, where now() stands still: it speaks in this very moment
    DATABASE
        .transactions()
        .run(
            () -> {
              DATABASE.jdbc().sql("UPDATE pilots.live SET last_seen = now()").update();
              fleet.ended(List.of(stamp), PilotStatus.Aborted, "the element says so");
            });
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
    List<String> stamps = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 4)));
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
  void outputOfAnElementIsKeptOnceAPilotHasEnded() {
    String stamp = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 1))).getFirst();
    assertThat(output(stamp)).as("not sent yet").isEmpty();
    fleet.accepted(Map.of(stamp, "o1"));
    ROOM.elements.texts.put("o1", "first words");
    assertThat(output(stamp)).isEqualTo("first words");
    ROOM.elements.texts.put("o1", "last words");
    fleet.ended(List.of(stamp), PilotStatus.Failed, "ended");
    assertThat(output(stamp)).isEqualTo("last words");
    ROOM.elements.texts.clear();
    assertThat(output(stamp)).isEqualTo("last words");
    fleet.keepOutput(stamp, "other words");
    assertThat(output(stamp)).as("what was kept first").isEqualTo("last words");
  }

  private static String output(String stamp) {
    return ROOM.administration.output(PilotRoom.admin(), stamp);
  }

  @Test
  void testPilotsCountForNoLimitAndTakeNoJob() {
    String stamp = ROOM.trials.create(LONG, "Memory", "dteam");
    assertThat(fleet.populations()).isEmpty();
    assertThat(fleet.unsent(LONG, Set.of(), 10)).isEmpty();
    assertThat(fleet.withdraw(LONG, "dteam", 10, "no work")).isZero();
    fleet.accepted(Map.of(stamp, "t1"));
    ROOM.age(100);
    assertThat(fleet.silent(LONG, Set.of(), Duration.ofSeconds(30), 10)).isEmpty();
    assertThat(ROOM.trials.look(stamp).orElseThrow().spoke()).isFalse();
    WorkAnswer answer = ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r", 1));
    assertThat(answer.drain()).isTrue();
    assertThat(answer.jobs()).isEmpty();
    speak(stamp, 0);
    TrialPilots.Look look = ROOM.trials.look(stamp).orElseThrow();
    assertThat(look.spoke()).isTrue();
    assertThat(look.node()).containsEntry("cores", "8");
    ROOM.trials.end(stamp, "over");
    assertThat(fleet.toCancel(LONG, Set.of(), 10))
        .extracting(Pilots.Placed::stamp, Pilots.Placed::reference)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(stamp, "t1"));
    assertThat(fleet.queuesInUse()).containsExactly(LONG);
  }

  @Test
  void waitsCountPilotsThatStartedAndThoseThatStillWait() {
    List<String> stamps = fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 4)));
    stamps.forEach(stamp -> fleet.accepted(Map.of(stamp, stamp)));
    ROOM.age(600);
    speak(stamps.get(0), 0);
    fleet.withdraw(LONG, "dteam", 1, "no work waits");
    ROOM.age(400);
    fleet.ended(List.of(stamps.get(1)), PilotStatus.Aborted, "ended without a word");
    Pilots.Waits waits =
        Optional.ofNullable(fleet.waits(List.of(LONG), Duration.ofHours(1), 50).get(LONG))
            .orElseThrow();
    assertThat(waits.starts()).isEqualTo(1);
    assertThat(waits.waited()).as("600 + 600 + 1000 s").isBetween(seconds(2200), seconds(2300));
    assertThat(waits.longest()).isBetween(seconds(1000), seconds(1050));
    assertThat(fleet.waits(List.of(LONG), Duration.ofSeconds(900), 50)).isEmpty();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
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
