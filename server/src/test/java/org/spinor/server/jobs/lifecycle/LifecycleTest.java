package org.spinor.server.jobs.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobStatus;
import org.spinor.api.SpinorException;
import org.spinor.server.database.SearchRequest.Spec;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Callers;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobsFixture;
import org.spinor.server.jobs.TestSubmissions;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.jobs.rows.Parameters;

class LifecycleTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private static final Caller ALICE = Callers.user("alice");
  private final KillAndDelete changes = ROOM.get(KillAndDelete.class);
  private final Rescheduling rescheduling = ROOM.get(Rescheduling.class);

  @BeforeEach
  void empty() {
    ROOM.events.clear();
    ROOM.jdbc().sql("DELETE FROM jobs.job").update();
    ROOM.jdbc()
        .sql(
            "TRUNCATE jobs.lease, jobs.attempt, jobs.command, jobs.logging, jobs.template, jobs.parameters")
        .update();
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private static JobSelection ids(Long... ids) {
    return new JobSelection(List.of(ids), List.of());
  }

  private static JobSelection where(String column, String value) {
    return new JobSelection(List.of(), List.of(new Spec(column, "eq", value, null)));
  }

  private static long submitted() {
    return TestSubmissions.submit(ROOM, ALICE, "Executable = \"a\"; Priority = 3;").getFirst();
  }

  private static void set(long job, JobStatus status) {
    ROOM.jdbc()
        .sql("UPDATE jobs.job SET status = :status WHERE job_id = :id")
        .param("status", status.name())
        .param("id", job)
        .update();
  }

  @Test
  void killChangesWhatCanBeKilledAndCountsTheRest() {
    long waiting = ROOM.waitingJob("alice", 4, 2);
    long done = ROOM.waitingJob("alice", 4, 2);
    set(done, JobStatus.Done);
    long running = ROOM.waitingJob("alice", 4, 2);
    ROOM.claim(running, "p1");
    assertThat(changes.kill(ALICE, ids(waiting, done, running)))
        .isEqualTo(new KillAndDelete.Changed(2, 1));
    assertThat(
            ROOM.column(
                waiting, "concat(status, '/', minor_status, '/', end_exec_time IS NOT NULL)"))
        .isEqualTo("Killed/Marked for termination/t");
    assertThat(ROOM.column(done, "status")).isEqualTo("Done");
    assertThat(ROOM.leaseAttempt(running)).as("the wrapper has to stop first").contains(1);
    assertThat(ROOM.jdbc().sql("SELECT job_id FROM jobs.command").query(Long.class).list())
        .containsExactly(running);
    assertThat(ROOM.events(JobEvents.NoLongerWaiting.class).getFirst().fewer())
        .containsExactly(new WaitingJobs.Count(4, 1, 2));
    assertThat(changes.kill(ALICE, ids(waiting))).isEqualTo(new KillAndDelete.Changed(0, 1));
  }

  @Test
  void deleteKillsFirstWhatRuns() {
    long running = ROOM.waitingJob("alice", 4, 2);
    ROOM.claim(running, "p1");
    long failed = ROOM.waitingJob("alice", 4, 2);
    set(failed, JobStatus.Failed);
    assertThat(changes.delete(ALICE, ids(running, failed)))
        .isEqualTo(new KillAndDelete.Changed(2, 0));
    assertThat(ROOM.log(running))
        .containsExactly(
            "Matched/Assigned/Matcher",
            "Killed/Marked for termination/alice",
            "Deleted/Marked for deletion/alice");
  }

  @Test
  void nothingHappensWhereOneJobIsNotTheCallers() {
    long mine = ROOM.waitingJob("alice", 4, 2);
    long bobs = ROOM.waitingJob("bob", 4, 2);
    assertThatThrownBy(() -> changes.kill(ALICE, ids(mine, bobs)))
        .isInstanceOfSatisfying(
            SpinorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
    assertThatThrownBy(() -> changes.kill(ALICE, ids(mine, 99_999_999L)))
        .isInstanceOf(SpinorException.class);
    assertThat(ROOM.column(mine, "status")).isEqualTo("Waiting");
    assertThat(changes.kill(Callers.administrator(), ids(mine, bobs, 99_999_999L)))
        .isEqualTo(new KillAndDelete.Changed(2, 1));
  }

  @Test
  void operationByQueryTouchesTheCallersJobsOnly() {
    List<Long> mine = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      mine.add(ROOM.waitingJob("alice", 4, 2));
    }
    long bobs = ROOM.waitingJob("bob", 4, 2);
    assertThat(changes.kill(ALICE, where("Status", "Waiting")))
        .isEqualTo(new KillAndDelete.Changed(5, 0));
    assertThat(ROOM.column(bobs, "status")).isEqualTo("Waiting");
    assertThatThrownBy(() -> changes.kill(ALICE, new JobSelection(List.of(), List.of())))
        .isInstanceOf(SpinorException.class);
    assertThatThrownBy(
            () -> changes.kill(ALICE, new JobSelection(mine, where("Status", "Waiting").search())))
        .isInstanceOf(SpinorException.class);
  }

  @Test
  void manyJobsAreKilledInFewTransactions() {
    TestSubmissions.submit(ROOM, ALICE, "Executable = \"a\"; Parameters = 12000;");
    ROOM.events.clear();
    assertThat(changes.kill(ALICE, where("Status", "Waiting")))
        .isEqualTo(new KillAndDelete.Changed(12_000, 0));
    assertThat(ROOM.events(JobEvents.NoLongerWaiting.class)).hasSize(3);
  }

  @Test
  void rescheduleStartsAnewFromAnyStateAndCounts() {
    long job = submitted();
    ROOM.claim(job, "p1");
    ROOM.get(Parameters.class).add(new TreeMap<>(Map.of(job, Map.of("HostName", "wn1"))));
    ROOM.jdbc().sql("UPDATE jobs.job SET infrastructure_failures = 2").update();
    ROOM.events.clear();
    Rescheduling.Result result = rescheduling.reschedule(List.of(job), false, "alice");
    assertThat(result.failed()).isEmpty();
    assertThat(result.success().values())
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.status()).isEqualTo(JobStatus.Received);
              assertThat(answer.minorStatus()).isEqualTo("Job Rescheduled");
              assertThat(answer.rescheduleCounter()).isEqualTo(1);
              assertThat(answer.jdl()).contains("JobID = " + job);
            });
    assertThat(
            ROOM.column(
                job,
                "concat_ws('/', status, site, user_priority, reschedule_counter, infrastructure_failures)"))
        .isEqualTo("Waiting/ANY/3/1/0");
    assertThat(ROOM.leaseAttempt(job)).as("what still runs there is refused from now on").isEmpty();
    assertThat(ROOM.events(JobEvents.AttemptEnded.class).getFirst().outcome())
        .isEqualTo(JobEvents.Outcome.RESCHEDULED);
    assertThat(ROOM.get(Parameters.class).of(job)).isEmpty();
    assertThat(
            ROOM.jdbc()
                .sql(
                    "SELECT attributes ->> 'HostName' FROM jobs.parameters_attic WHERE job_id = :id")
                .param("id", job)
                .query(String.class)
                .single())
        .isEqualTo("wn1");
    assertThat(ROOM.log(job))
        .endsWith(
            "Rescheduled/Job Rescheduled/alice",
            "Received/Job Rescheduled/alice",
            "Waiting/Pilot Agent Submission/alice");
    assertThat(ROOM.claim(job, "p2").attempt()).isEqualTo(2);
    for (JobStatus ended : List.of(JobStatus.Done, JobStatus.Failed, JobStatus.Killed)) {
      set(job, ended);
      ROOM.jdbc().sql("DELETE FROM jobs.lease").update();
      assertThat(rescheduling.reschedule(List.of(job), true, "alice").success()).hasSize(1);
      assertThat(ROOM.column(job, "concat(status, reschedule_counter)")).isEqualTo("Waiting1");
    }
  }

  @Test
  void tooManyReschedulingsFailTheJob() {
    long job = submitted();
    for (int i = 0; i < 3; i++) {
      assertThat(rescheduling.reschedule(List.of(job), false, "alice").success()).hasSize(1);
    }
    Rescheduling.Result result = rescheduling.reschedule(List.of(job, 99_999_999L), false, "alice");
    assertThat(result.success()).isEmpty();
    assertThat(result.failed())
        .containsEntry(job, new Rescheduling.Failure("Maximum number of reschedules exceeded (3)"))
        .containsEntry(99_999_999L, new Rescheduling.Failure("Not found"));
    assertThat(ROOM.column(job, "concat(status, '/', minor_status)"))
        .isEqualTo("Failed/Maximum of reschedulings reached");
    ROOM.jdbc().sql("UPDATE jobs.job SET verified_flag = false").update();
    assertThat(rescheduling.reschedule(List.of(job), true, "alice").failed().values())
        .containsExactly(
            new Rescheduling.Failure(
                "VerifiedFlag is False: Status Failed, Minor Status: Maximum of reschedulings reached"));
  }

  @Test
  void orderToTheOldAttemptDoesNotReachTheNewOne() {
    long job = submitted();
    ROOM.claim(job, "p1");
    changes.kill(ALICE, ids(job));
    rescheduling.reschedule(List.of(job), false, "alice");
    assertThat(ROOM.jdbc().sql("SELECT count(*) FROM jobs.command").query(Integer.class).single())
        .isZero();
  }

  /** Kill, delete, reschedule, claim and lease expiry of the same jobs at the same time. */
  @Test
  void racesLeaveEveryJobInOneSoundState() throws Exception {
    List<Long> jobs = TestSubmissions.submit(ROOM, ALICE, "Executable = \"a\"; Parameters = 40;");
    JobClaims claims = ROOM.get(JobClaims.class);
    List<Callable<Object>> rivals = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      int shift = round * 7;
      List<Long> some = new ArrayList<>(jobs);
      java.util.Collections.rotate(some, shift);
      rivals.add(() -> changes.kill(ALICE, new JobSelection(some.subList(0, 25), List.of())));
      rivals.add(() -> rescheduling.reschedule(some.subList(5, 35), true, "alice"));
      rivals.add(
          () ->
              claims.claim(
                  some.stream()
                      .map(job -> new JobClaims.Claim(job, "p", "s", "c", "r", 1, 0, false, ""))
                      .toList()));
      rivals.add(() -> changes.delete(ALICE, new JobSelection(some.subList(0, 3), List.of())));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Object> rival : threads.invokeAll(rivals)) {
        assertThat(rival.get()).isNotNull();
      }
    }
    assertThat(
            ROOM.jdbc()
                .sql(
                    """
                    SELECT count(*) FROM jobs.job j LEFT JOIN jobs.lease l USING (job_id)
                    WHERE (j.status = 'Waiting' AND l.job_id IS NOT NULL)
                       OR (j.status IN ('Matched', 'Running') AND l.job_id IS NULL)
                       OR (l.job_id IS NOT NULL AND l.attempt <> j.attempt)
                    """)
                .query(Integer.class)
                .single())
        .as("a lease there is exactly while an attempt runs or is being stopped")
        .isZero();
    assertThat(
            ROOM.jdbc()
                .sql(
                    "SELECT count(*) FROM jobs.attempt a WHERE ended IS NULL AND NOT EXISTS (SELECT FROM jobs.lease l WHERE l.job_id = a.job_id AND l.attempt = a.attempt)")
                .query(Integer.class)
                .single())
        .isZero();
    long waitingByEvents =
        ROOM.events(JobEvents.Waiting.class).stream()
                .flatMap(event -> event.more().stream())
                .mapToLong(WaitingJobs.Count::jobs)
                .sum()
            - ROOM.events(JobEvents.NoLongerWaiting.class).stream()
                .flatMap(event -> event.fewer().stream())
                .mapToLong(WaitingJobs.Count::jobs)
                .sum()
            - ROOM.jdbc().sql("SELECT count(*) FROM jobs.attempt").query(Long.class).single();
    // Deadlocks are retried, and what was published before them comes again: never less than there
    // are.
    assertThat(waitingByEvents)
        .isGreaterThanOrEqualTo(
            ROOM.jdbc()
                .sql("SELECT count(*) FROM jobs.job WHERE status = 'Waiting'")
                .query(Long.class)
                .single());
  }

  @Test
  void sweeperLooksAfterJobsThatNobodyLooksAfter() {
    Map<JobStatus, String> expected =
        Map.of(
            JobStatus.Received, "Waiting",
            JobStatus.Checking, "Waiting",
            JobStatus.Rescheduled, "Waiting",
            JobStatus.Matched, "Waiting",
            JobStatus.Running, "Stalled",
            JobStatus.Completing, "Stalled",
            JobStatus.Stalled, "Failed",
            JobStatus.Waiting, "Waiting",
            JobStatus.Done, "Done");
    Map<Long, String> old = new TreeMap<>();
    Map<Long, JobStatus> fresh = new TreeMap<>();
    expected.forEach(
        (status, after) -> {
          long job = submitted();
          old.put(job, after);
          set(job, status);
          long other = submitted();
          fresh.put(other, status);
          set(other, status);
        });
    old.keySet()
        .forEach(
            job ->
                ROOM.jdbc()
                    .sql(
                        "UPDATE jobs.job SET last_update_time = now() - interval '3 hours' WHERE job_id = :id")
                    .param("id", job)
                    .update());
    long leased = submitted();
    ROOM.claim(leased, "p1");
    ROOM.jdbc()
        .sql("UPDATE jobs.job SET last_update_time = now() - interval '3 hours' WHERE job_id = :id")
        .param("id", leased)
        .update();
    ROOM.get(Sweeper.class).run("");
    old.forEach((job, after) -> assertThat(ROOM.column(job, "status")).isEqualTo(after));
    fresh.forEach((job, status) -> assertThat(ROOM.column(job, "status")).isEqualTo(status.name()));
    assertThat(ROOM.column(leased, "status")).isEqualTo("Matched");
  }

  @Test
  void cleaningDeletesEndedJobsAndRemovesDeletedOnesWithAllTheyHad() {
    List<Long> jobs = TestSubmissions.submit(ROOM, ALICE, "Executable = \"a\"; Parameters = 3;");
    ROOM.claim(jobs.getFirst(), "p1");
    for (long job : jobs) {
      set(job, JobStatus.Done);
      ROOM.jdbc()
          .sql(
              "UPDATE jobs.job SET end_exec_time = now() - interval '8 days' WHERE job_id = :id AND :id <> :kept")
          .param("id", job)
          .param("kept", jobs.getLast())
          .update();
    }
    Cleaning cleaning = ROOM.get(Cleaning.class);
    cleaning.run("");
    assertThat(jobs.stream().map(job -> ROOM.column(job, "status")))
        .containsExactly("Deleted", "Deleted", "Done");
    cleaning.run("");
    assertThat(ROOM.events(JobEvents.Removed.class)).as("not before a day has passed").isEmpty();
    ROOM.jdbc().sql("UPDATE jobs.job SET last_update_time = now() - interval '2 days'").update();
    cleaning.run("");
    assertThat(ROOM.events(JobEvents.Removed.class).getFirst().jobIds())
        .isEqualTo(jobs.subList(0, 2));
    assertThat(ROOM.jdbc().sql("SELECT job_id FROM jobs.job").query(Long.class).list())
        .containsExactly(jobs.getLast());
    assertThat(ROOM.jdbc().sql("SELECT count(*) FROM jobs.attempt").query(Integer.class).single())
        .isZero();
    Optional<Integer> left =
        ROOM.jdbc().sql("SELECT jobs_left FROM jobs.template").query(Integer.class).optional();
    assertThat(left).contains(1);
    changes.delete(ALICE, ids(jobs.getLast()));
    ROOM.jdbc().sql("UPDATE jobs.job SET last_update_time = now() - interval '2 days'").update();
    cleaning.run("");
    assertThat(ROOM.jdbc().sql("SELECT count(*) FROM jobs.template").query(Integer.class).single())
        .as("the last job takes the template along")
        .isZero();
  }

  @Test
  void logMovesIntoItsPartition() {
    long job = submitted();
    ROOM.get(Cleaning.class).run("");
    assertThat(ROOM.log(job)).hasSize(2);
    assertThat(
            ROOM.jdbc()
                .sql("SELECT count(*) FROM jobs.logging_default")
                .query(Integer.class)
                .single())
        .isZero();
    rescheduling.reschedule(List.of(job), false, "alice");
    assertThat(ROOM.log(job)).hasSize(5);
  }
}
