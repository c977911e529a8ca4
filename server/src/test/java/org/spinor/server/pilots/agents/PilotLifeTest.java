package org.spinor.server.pilots.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spinor.api.AttemptId;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobCommand;
import org.spinor.api.JobId;
import org.spinor.api.Offer;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.PilotMetadata;
import org.spinor.api.PilotStatus;
import org.spinor.api.SpinorException;
import org.spinor.api.WorkAnswer;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Unheard;
import org.spinor.server.matching.Matcher.Match;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotRoom;
import org.spinor.server.pilots.Pilots;

class PilotLifeTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final FakeJobs JOBS = new FakeJobs();
  private static final PilotRoom ROOM = new PilotRoom(DATABASE, DATABASE.notifications(), JOBS);
  private static final Notifications OTHER_LISTENER = DATABASE.anotherListener();
  private static final PilotRoom OTHER_SERVER = new PilotRoom(DATABASE, OTHER_LISTENER, JOBS);
  private static final Map<String, String> NODE =
      Map.of(
          "host",
          "wn1",
          "cores",
          "8",
          "cpu_power",
          "12.5",
          "time_left_seconds",
          "3600",
          "os",
          "Debian\0");

  @AfterAll
  static void close() {
    ROOM.close();
    OTHER_SERVER.close();
    OTHER_LISTENER.close();
    DATABASE.close();
  }

  @Test
  void pilotThatSpeaksRuns() {
    String stamp = ROOM.newPilot();
    assertThat(ROOM.status(stamp)).isEqualTo("Submitted");
    PilotAnswer answer = heartbeat(ROOM, stamp);
    assertThat(answer.drain()).isFalse();
    assertThat(answer.heartbeatSeconds()).isEqualTo(60);
    assertThat(ROOM.status(stamp)).isEqualTo("Running");
    Map<String, @Nullable Object> shown = ROOM.administration.show(PilotRoom.admin(), stamp);
    assertThat(shown)
        .containsEntry("Host", "wn1")
        .containsEntry("BenchMark", 12.5)
        .containsEntry("cores", 8)
        .containsEntry("time_left_seconds", 3600L);
    assertThat(shown.get("node"))
        .hasToString("{\"os\":\"Debian\",\"host\":\"wn1\",\"cores\":\"8\",\"cpu_power\":\"12.5\"}");
  }

  @Test
  void nodeThatStaysTheSameIsNotWrittenAgain() {
    String stamp = ROOM.newPilot();
    heartbeat(ROOM, stamp);
    Object first = ROOM.administration.show(PilotRoom.admin(), stamp).get("LastUpdateTime");
    heartbeat(OTHER_SERVER, stamp);
    assertThat(ROOM.administration.show(PilotRoom.admin(), stamp).get("LastUpdateTime"))
        .isEqualTo(first);
  }

  @Test
  void workIsGivenForThePlaceThatTheServerKnows() {
    String stamp = ROOM.newPilot();
    ROOM.matcher.next(stamp, new Match(4711, 2, "dteam", "alice", "user", 2, 2000, 500));
    WorkAnswer answer = ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r1", 4));
    assertThat(answer.drain()).isFalse();
    assertThat(answer.jobs())
        .singleElement()
        .satisfies(
            job -> {
              assertThat(job.jobId()).isEqualTo(new JobId(4711));
              assertThat(job.token()).isEqualTo("payload 4711.2 of alice");
              assertThat(job.jdl()).contains("4711");
              assertThat(job.heartbeatSeconds()).isEqualTo(60);
            });
    Offer offer = ROOM.matcher.offers.getLast();
    assertThat(offer.site()).isEqualTo("LCG.North.org");
    assertThat(offer.ce()).isEqualTo("ce1.north.org");
    assertThat(offer.queue()).isEqualTo("long");
    assertThat(offer.vos()).containsExactly("dteam");
    assertThat(offer.tags()).containsExactly("fast");
    assertThat(ROOM.status(stamp)).isEqualTo("Running");
    assertThat(ROOM.administration.show(PilotRoom.admin(), stamp))
        .containsEntry("InitialJobID", 4711L)
        .containsEntry("CurrentJobID", 4711L);
  }

  @Test
  void emptyLineMeansWaiting() {
    String stamp = ROOM.newPilot();
    WorkAnswer answer = ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r1", 1));
    assertThat(answer.jobs()).isEmpty();
    assertThat(answer.drain()).isFalse();
    assertThat(answer.waitSeconds()).isEqualTo(1);
    assertThat(answer.reason()).isEqualTo("no job waits");
  }

  @Test
  void bannedSiteDrainsPilotsForWhomNoTestIsLeft() {
    String stamp = ROOM.newPilot();
    ROOM.banned.reasons.put("LCG.North.org", "power cut");
    try {
      ROOM.matcher.next(stamp, new Match(1, 1, "dteam", "alice", "user", 1, 0, 500));
      assertThat(ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r1", 1)).jobs())
          .hasSize(1);
      WorkAnswer answer =
          ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r2", 1));
      assertThat(answer.drain()).isTrue();
      assertThat(answer.reason()).isEqualTo("the site LCG.North.org is banned: power cut");
    } finally {
      ROOM.banned.reasons.clear();
    }
  }

  @Test
  void drainedPilotGetsNoWork() {
    String stamp = ROOM.newPilot();
    heartbeat(ROOM, stamp);
    ROOM.administration.drain(PilotRoom.admin(), stamp);
    assertThat(heartbeat(OTHER_SERVER, stamp).drain()).isTrue();
    WorkAnswer answer =
        OTHER_SERVER.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r", 1));
    assertThat(answer.drain()).isTrue();
    assertThat(answer.reason()).isEqualTo("drained by alice");
  }

  @Test
  void pilotOfAQueueThatIsGoneDrains() {
    String stamp =
        ROOM.fleet()
            .create(
                List.of(
                    new Pilots.Order(
                        new Pilots.Queue("LCG.North.org", "ce1.north.org", "gone"),
                        "Memory",
                        "dteam",
                        1)))
            .getFirst();
    WorkAnswer answer = ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r", 1));
    assertThat(answer.drain()).isTrue();
    assertThat(answer.reason()).contains("no longer in the configuration");
  }

  @Test
  void heartbeatTellsWhatIsLostAndWhatIsWanted() {
    String stamp = ROOM.newPilot();
    AttemptId held = JOBS.give(stamp, 501, 1);
    AttemptId lost = new AttemptId(new JobId(502), 1);
    JOBS.command(new JobCommand(held.jobId(), "Peek", ""));
    JOBS.command(new JobCommand(lost.jobId(), "Kill", ""));
    PilotAnswer answer =
        ROOM.agents.heartbeat(
            PilotRoom.pilot(stamp), stamp, new PilotHeartbeat(List.of(held, lost), NODE));
    assertThat(answer.lost()).containsExactly(lost);
    assertThat(answer.commands()).extracting(JobCommand::command).containsExactly("Peek");
  }

  @Test
  void killedPilotLosesItsJobsAtOnceAndHearsOfIt() {
    String stamp = ROOM.newPilot();
    heartbeat(ROOM, stamp);
    AttemptId held = JOBS.give(stamp, 601, 1);
    ROOM.administration.kill(PilotRoom.admin(), stamp);
    assertThat(ROOM.status(stamp)).isEqualTo("Deleted");
    assertThat(JOBS.released()).contains(stamp + ": killed by alice");
    PilotAnswer answer =
        OTHER_SERVER.agents.heartbeat(
            PilotRoom.pilot(stamp), stamp, new PilotHeartbeat(List.of(held), NODE));
    assertThat(answer.drain()).isTrue();
    assertThat(answer.lost()).containsExactly(held);
    assertThat(ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r", 1)).drain())
        .isTrue();
    assertThat(ROOM.status(stamp)).isEqualTo("Deleted");
  }

  @Test
  void silentPilotIsGivenUpAndMayComeBack() {
    // The database is a copy of one that may have been made minutes ago: as if nobody had been
    // away.
    DATABASE.jdbc().sql("UPDATE pilots.keeper SET seen = now(), grace_until = now()").update();
    String stamp = ROOM.newPilot();
    String secret = ROOM.fleet().freshSecrets(List.of(stamp)).getOrDefault(stamp, "");
    heartbeat(ROOM, stamp);
    AttemptId held = JOBS.give(stamp, 701, 1);
    ROOM.silence.run("");
    assertThat(ROOM.status(stamp)).isEqualTo("Running");
    ROOM.age(181);
    OTHER_SERVER.silence.run("");
    assertThat(ROOM.status(stamp)).isEqualTo("Aborted");
    assertThat(JOBS.released()).contains(stamp + ": no sign of life for 180 s");
    assertThat(ROOM.secrets.voOf(stamp, secret)).as("it may still get a token").contains("dteam");
    PilotAnswer answer =
        ROOM.agents.heartbeat(
            PilotRoom.pilot(stamp), stamp, new PilotHeartbeat(List.of(held), NODE));
    assertThat(answer.lost()).containsExactly(held);
    assertThat(answer.drain()).isFalse();
    assertThat(ROOM.status(stamp)).isEqualTo("Running");
  }

  @Test
  void whoCannotBeHeardIsBelievedToLiveButNotForEver() {
    DATABASE.jdbc().sql("UPDATE pilots.keeper SET seen = now(), grace_until = now()").update();
    String heard = elsewhere(ROOM.newPilot());
    String unheard = ROOM.newPilot();
    heartbeat(ROOM, heard);
    heartbeat(ROOM, unheard);
    ROOM.unheard.add(PilotRoom.LONG);
    try {
      ROOM.age(3600);
      assertThat(ROOM.get(Unheard.class).look().among(List.of(heard, unheard, "nobody")))
          .containsExactly(unheard);
      ROOM.silence.run("");
      assertThat(ROOM.status(heard)).isEqualTo("Aborted");
      assertThat(ROOM.status(unheard)).isEqualTo("Running");
      ROOM.age(24 * 3600);
      ROOM.silence.run("");
      assertThat(ROOM.status(unheard)).isEqualTo("Aborted");
      assertThat(ROOM.get(Unheard.class).look().among(List.of(unheard))).isEmpty();
    } finally {
      ROOM.unheard.clear();
    }
  }

  private static String elsewhere(String stamp) {
    DATABASE
        .jdbc()
        .sql("UPDATE pilots.pilot SET queue = 'short' WHERE stamp = :stamp")
        .param("stamp", stamp)
        .update();
    return stamp;
  }

  @Test
  void nobodyIsLateAfterTheServerItselfWasAway() {
    String stamp = ROOM.newPilot();
    heartbeat(ROOM, stamp);
    ROOM.age(500);
    DATABASE.jdbc().sql("UPDATE pilots.keeper SET seen = now() - interval '10 minutes'").update();
    ROOM.silence.run("");
    ROOM.silence.run("");
    assertThat(ROOM.status(stamp)).isEqualTo("Running");
    DATABASE.jdbc().sql("UPDATE pilots.keeper SET grace_until = now()").update();
    ROOM.silence.run("");
    assertThat(ROOM.status(stamp)).isEqualTo("Aborted");
  }

  @Test
  void pilotThatSaysItIsDoneIsDone() {
    String stamp = ROOM.newPilot();
    heartbeat(ROOM, stamp);
    JOBS.give(stamp, 801, 1);
    ROOM.administration.describe(
        PilotRoom.pilot(stamp), Map.of(stamp, status(PilotStatus.Done, "no work for 60 s")));
    assertThat(ROOM.status(stamp)).isEqualTo("Done");
    assertThat(JOBS.released()).contains(stamp + ": no work for 60 s");
    heartbeat(ROOM, stamp);
    ROOM.administration.describe(
        PilotRoom.pilot(stamp), Map.of(stamp, status(PilotStatus.Running, "again")));
    assertThat(ROOM.status(stamp)).as("no way back").isEqualTo("Done");
  }

  @Test
  void tokenOfAnotherPilotIsRefused() {
    String stamp = ROOM.newPilot();
    String other = ROOM.newPilot();
    assertForbidden(
        () -> ROOM.agents.work(PilotRoom.pilot(other), stamp, PilotRoom.request("r", 1)));
    assertForbidden(
        () ->
            ROOM.agents.heartbeat(
                PilotRoom.pilot(other), stamp, new PilotHeartbeat(List.of(), Map.of())));
    assertForbidden(() -> ROOM.agents.log(PilotRoom.pilot(other), stamp, 0, new byte[0]));
    assertForbidden(
        () ->
            ROOM.administration.describe(
                PilotRoom.pilot(other), Map.of(stamp, status(PilotStatus.Done, "x"))));
    Caller stranger = PilotRoom.person("biomed", Caller.Reach.VO, "Operator");
    assertThatThrownBy(() -> ROOM.administration.kill(stranger, stamp))
        .isInstanceOfSatisfying(
            SpinorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void foolishRequestsAreRefused() {
    String stamp = ROOM.newPilot();
    assertThatThrownBy(
            () -> ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("", 1)))
        .hasMessageContaining("request_id");
    assertThatThrownBy(
            () -> ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r", 65)))
        .hasMessageContaining("max_jobs");
    assertThatThrownBy(
            () ->
                ROOM.agents.heartbeat(
                    PilotRoom.pilot(stamp),
                    stamp,
                    new PilotHeartbeat(List.of(), Map.of("os", "x".repeat(3000)))))
        .hasMessageContaining("node");
    assertThatThrownBy(
            () ->
                ROOM.agents.heartbeat(
                    PilotRoom.pilot("nobody"), "nobody", new PilotHeartbeat(List.of(), Map.of())))
        .hasMessageContaining("no pilot");
  }

  @Test
  void manyPilotsSpeakAtTheSameTimeToTwoServers() throws Exception {
    List<String> stamps =
        ROOM.fleet().create(List.of(new Pilots.Order(PilotRoom.LONG, "Memory", "dteam", 200)));
    try (ExecutorService pilots = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PilotAnswer>> answers = new ArrayList<>();
      for (int round = 0; round < 5; round++) {
        for (String stamp : stamps) {
          PilotRoom server = round % 2 == 0 ? ROOM : OTHER_SERVER;
          answers.add(pilots.submit(() -> heartbeat(server, stamp)));
        }
      }
      for (Future<PilotAnswer> answer : answers) {
        assertThat(answer.get().drain()).isFalse();
      }
    }
    assertThat(stamps).allSatisfy(stamp -> assertThat(ROOM.status(stamp)).isEqualTo("Running"));
  }

  private static PilotAnswer heartbeat(PilotRoom room, String stamp) {
    return room.agents.heartbeat(
        PilotRoom.pilot(stamp), stamp, new PilotHeartbeat(List.of(), NODE));
  }

  private static PilotMetadata status(PilotStatus status, String reason) {
    return new PilotMetadata(reason, status, null, null, null, null, null, null, null);
  }

  private static void assertForbidden(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SpinorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
  }
}
