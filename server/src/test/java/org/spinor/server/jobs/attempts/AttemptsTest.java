package org.spinor.server.jobs.attempts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.JobClaims.Claim;
import org.spinor.server.jobs.JobClaims.Claimed;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobsFixture;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.jobs.WaitingJobs.Count;
import org.spinor.server.jobs.WaitingJobs.Place;

class AttemptsTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private final JobClaims claims = ROOM.get(JobClaims.class);
  private final Leases leases = ROOM.get(Leases.class);

  @BeforeEach
  void forget() {
    ROOM.events.clear();
    ROOM.jdbc().sql("TRUNCATE jobs.job, jobs.lease, jobs.attempt, jobs.logging").update();
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private static Claim wish(long job, String pilot) {
    return new Claim(job, pilot, "LCG.CERN.ch", "ce1", "request", 2, 1000, false, "");
  }

  @Test
  void claimTakesTheJobStartsAnAttemptAndLogsIt() {
    long job = ROOM.waitingJob("alice", 7, 3);
    assertThat(claims.claim(List.of(wish(job, "p1"))))
        .containsExactly(Optional.of(new Claimed(job, 1, 7, 2, 1000)));
    assertThat(ROOM.column(job, "concat(status, '/', minor_status, '/', site)"))
        .isEqualTo("Matched/Assigned/LCG.CERN.ch");
    assertThat(ROOM.log(job)).containsExactly("Matched/Assigned/Matcher");
    assertThat(leases.of("p1")).containsExactly(new AttemptId(new JobId(job), 1));
    assertThat(
            ROOM.jdbc()
                .sql(
                    """
                    SELECT extract(epoch FROM lease_until - started)::float8
                      FROM jobs.lease JOIN jobs.attempt USING (job_id, attempt) WHERE job_id = :id
                    """)
                .param("id", job)
                .query(Double.class)
                .single())
        .as("three heartbeats")
        .isEqualTo(900);
  }

  @Test
  void claimWinsEachJobOnceAndOnlyOneThatWaits() {
    long first = ROOM.waitingJob("alice", 1, 1);
    long second = ROOM.waitingJob("alice", 1, 1);
    List<Optional<Claimed>> won =
        claims.claim(
            List.of(wish(second, "p1"), wish(first, "p1"), wish(second, "p2"), wish(99_999, "p2")));
    assertThat(won.stream().map(Optional::isPresent)).containsExactly(true, true, false, false);
    assertThat(claims.claim(List.of(wish(first, "p3")))).containsExactly(Optional.empty());
    assertThat(leases.of("p2")).isEmpty();
  }

  @Test
  void silenceOfAPilotThatNobodyCanHearEndsNoAttempt() {
    long deaf = ROOM.waitingJob("alice", 1, 1);
    long silent = ROOM.waitingJob("alice", 1, 1);
    claims.claim(List.of(wish(deaf, "p1"), wish(silent, "p2")));
    ROOM.unheardPilots.add("p1");
    try {
      ROOM.age(deaf);
      ROOM.age(silent);
      assertThat(leases.expire()).isEqualTo(1);
      assertThat(ROOM.column(silent, "status")).isEqualTo("Waiting");
      assertThat(ROOM.column(deaf, "status")).isEqualTo("Matched");
    } finally {
      ROOM.unheardPilots.clear();
    }
    assertThat(leases.expire()).as("a lease anew, to be heard in").isZero();
    ROOM.age(deaf);
    assertThat(leases.expire()).isEqualTo(1);
  }

  @Test
  void aSignOfLifeShortensNoGrace() {
    long job = ROOM.waitingJob("alice", 1, 1);
    claims.claim(List.of(wish(job, "p1")));
    ROOM.jdbc().sql("UPDATE jobs.lease SET lease_until = now() + interval '1 hour'").update();
    assertThat(leases.renew("p1", List.of(new AttemptId(new JobId(job), 1)))).isEmpty();
    assertThat(
            ROOM.jdbc()
                .sql("SELECT lease_until > now() + interval '50 minutes' FROM jobs.lease")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void manyServersThatWantTheSameJobsGiveEachOnce() throws Exception {
    List<Long> jobs = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      jobs.add(ROOM.waitingJob("alice", 1, 1));
    }
    List<Future<Long>> wins = new ArrayList<>();
    try (ExecutorService servers = Executors.newFixedThreadPool(6)) {
      for (int server = 0; server < 6; server++) {
        String pilot = "server" + server;
        List<Long> order = new ArrayList<>(jobs);
        java.util.Collections.shuffle(order, new java.util.Random(server));
        wins.add(
            servers.submit(
                () ->
                    claims.claim(order.stream().map(job -> wish(job, pilot)).toList()).stream()
                        .filter(Optional::isPresent)
                        .count()));
      }
    }
    long sum = 0;
    for (Future<Long> win : wins) {
      sum += win.get();
    }
    assertThat(sum).isEqualTo(60);
    assertThat(ROOM.jdbc().sql("SELECT count(*) FROM jobs.attempt").query(Long.class).single())
        .isEqualTo(60);
  }

  @Test
  void repeatedRequestFindsWhatItHoldsStill() {
    long kept = ROOM.waitingJob("alice", 4, 1);
    long lost = ROOM.waitingJob("alice", 4, 1);
    claims.claim(List.of(wish(kept, "p1"), wish(lost, "p1")));
    ROOM.age(lost);
    leases.expire();
    assertThat(
            claims.repeated(
                List.of(
                    new JobClaims.Request("p1", "request"),
                    new JobClaims.Request("p1", "another"),
                    new JobClaims.Request("p2", "request"))))
        .containsExactly(List.of(new Claimed(kept, 1, 4, 2, 1000)), List.of(), List.of());
    List<JobClaims.Held> held = new ArrayList<>();
    claims.held(held::add);
    assertThat(held).containsExactly(new JobClaims.Held("LCG.CERN.ch", "ce1", 4, 1, 2));
  }

  @Test
  void lineIsOrderedByPriorityThenAge() {
    long low = ROOM.waitingJob("alice", 5, 1);
    long high = ROOM.waitingJob("alice", 5, 9);
    long later = ROOM.waitingJob("alice", 5, 9);
    long last = ROOM.waitingJob("alice", 5, 0);
    WaitingJobs line = ROOM.get(WaitingJobs.class);
    List<Place> all =
        List.of(new Place(9, high), new Place(9, later), new Place(1, low), new Place(0, last));
    assertThat(line.next(5, Optional.empty(), 10)).isEqualTo(all);
    assertThat(line.next(5, Optional.empty(), 2)).isEqualTo(all.subList(0, 2));
    for (int i = 0; i < all.size(); i++) {
      assertThat(line.next(5, Optional.of(all.get(i)), 10)).isEqualTo(all.subList(i + 1, 4));
      assertThat(line.ahead(5, all.get(i))).isEqualTo(i);
    }
    List<Count> counts = new ArrayList<>();
    line.counts(counts::add);
    assertThat(counts).containsExactly(new Count(5, 4, 19));
  }

  @Test
  void expiredLeaseRequeuesAtNoCostUntilTheBudgetIsSpent() {
    long job = ROOM.waitingJob("alice", 8, 2);
    for (int failure = 1; failure <= 3; failure++) {
      assertThat(ROOM.claim(job, "p" + failure).attempt()).isEqualTo(failure);
      assertThat(leases.expire()).as("nothing is late yet").isZero();
      ROOM.age(job);
      assertThat(leases.expire()).isEqualTo(1);
      assertThat(ROOM.column(job, "concat(status, '/', site, '/', reschedule_counter)"))
          .isEqualTo("Waiting/ANY/0");
      assertThat(ROOM.events(JobEvents.Waiting.class)).hasSize(failure);
    }
    assertThat(ROOM.events(JobEvents.Waiting.class).getFirst().more())
        .containsExactly(new Count(8, 1, 2));
    ROOM.claim(job, "p4");
    ROOM.age(job);
    leases.expire();
    assertThat(ROOM.column(job, "concat(status, '/', minor_status)"))
        .isEqualTo("Failed/Job stalled: pilot not running");
    assertThat(ROOM.column(job, "application_status"))
        .contains("4 attempts lost to the infrastructure (at most 3)", "pilot p4");
    assertThat(ROOM.column(job, "end_exec_time IS NOT NULL")).isEqualTo("true");
    assertThat(ROOM.leaseAttempt(job)).isEmpty();
    assertThat(ROOM.events(JobEvents.AttemptEnded.class))
        .extracting(JobEvents.AttemptEnded::outcome)
        .containsOnly(JobEvents.Outcome.INFRASTRUCTURE)
        .hasSize(4);
    assertThat(ROOM.log(job))
        .containsSubsequence(
            "Matched/Assigned/Matcher",
            "Rescheduled/Job stalled: pilot not running/LeaseKeeper",
            "Waiting/Pilot Agent Submission/LeaseKeeper",
            "Matched/Assigned/Matcher",
            "Failed/Job stalled: pilot not running/LeaseKeeper");
  }

  @Test
  void renewalKeepsAnAttemptAndNamesThoseThatAreLost() {
    long kept = ROOM.waitingJob("alice", 1, 1);
    long foreign = ROOM.waitingJob("alice", 1, 1);
    ROOM.claim(kept, "p1");
    ROOM.claim(foreign, "p2");
    ROOM.age(kept);
    AttemptId mine = new AttemptId(new JobId(kept), 1);
    AttemptId others = new AttemptId(new JobId(foreign), 1);
    AttemptId old = new AttemptId(new JobId(kept), 7);
    assertThat(leases.renew("p1", List.of(mine, others, old))).containsExactly(others, old);
    assertThat(leases.expire()).isZero();
  }

  @Test
  void releasedPilotLosesItsAttemptsAndNoOthers() {
    long mine = ROOM.waitingJob("alice", 1, 1);
    long others = ROOM.waitingJob("alice", 1, 1);
    ROOM.claim(mine, "p1");
    ROOM.claim(others, "p2");
    leases.release("p1", "the batch system says it is gone");
    assertThat(ROOM.column(mine, "status")).isEqualTo("Waiting");
    assertThat(ROOM.column(others, "status")).isEqualTo("Matched");
    assertThat(
            ROOM.jdbc()
                .sql("SELECT concat(outcome, '/', reason) FROM jobs.attempt WHERE job_id = :id")
                .param("id", mine)
                .query(String.class)
                .single())
        .isEqualTo("INFRASTRUCTURE/the batch system says it is gone");
  }

  @Test
  void killedJobWhoseAttemptIsLostStaysKilled() {
    long job = ROOM.waitingJob("alice", 1, 1);
    ROOM.claim(job, "p1");
    ROOM.jdbc()
        .sql("UPDATE jobs.job SET status = 'Killed' WHERE job_id = :id")
        .param("id", job)
        .update();
    ROOM.age(job);
    leases.expire();
    assertThat(ROOM.column(job, "status")).isEqualTo("Killed");
    assertThat(ROOM.leaseAttempt(job)).isEmpty();
    assertThat(ROOM.events(JobEvents.AttemptEnded.class).getFirst().outcome())
        .isEqualTo(JobEvents.Outcome.KILLED);
  }

  @Test
  void nobodyIsLateBecauseTheServersWereAway() {
    ExpireLeases keeper = ROOM.get(ExpireLeases.class);
    long job = ROOM.waitingJob("alice", 1, 1);
    ROOM.claim(job, "p1");
    ROOM.age(job);
    ROOM.jdbc().sql("UPDATE jobs.lease_keeper SET seen = now() - interval '1 hour'").update();
    keeper.run("");
    keeper.run("");
    assertThat(ROOM.column(job, "status")).as("after an hour without servers").isEqualTo("Matched");
    ROOM.age(job);
    keeper.run("");
    assertThat(ROOM.column(job, "status")).as("late while a server looked").isEqualTo("Waiting");
  }

  @Test
  void leaseOfARemovedJobVanishes() {
    long job = ROOM.waitingJob("alice", 1, 1);
    ROOM.claim(job, "p1");
    ROOM.jdbc().sql("DELETE FROM jobs.job").update();
    ROOM.age(job);
    assertThat(leases.expire()).isZero();
    assertThat(ROOM.leaseAttempt(job)).isEmpty();
  }
}
