package org.spinor.server.jobs.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobCommand;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.api.JobStatusUpdate;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Callers;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobsFixture;

class StatusReportsTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private static final HeartbeatData NOTHING =
      new HeartbeatData(null, null, null, null, null, null, null);
  private final StatusReports statuses = ROOM.get(StatusReports.class);
  private final Heartbeats heartbeats = ROOM.get(Heartbeats.class);

  /** A clock far ahead counts as the database's, so no report is late because the test is slow. */
  private final Instant now = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.MICROS);

  @BeforeEach
  void forget() {
    ROOM.events.clear();
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private StatusReports.Result say(
      Caller caller, long job, long second, @Nullable JobStatus status, @Nullable String minor) {
    Report report =
        new Report(now.plusSeconds(second), new JobStatusUpdate(status, minor, null, "JobWrapper"));
    return statuses.report(new StatusReports.Request(caller, Map.of(job, List.of(report)), false));
  }

  private static void refused(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SpinorException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void payloadReportsUntilItsAttemptEnds() {
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    Caller payload = Callers.payload(job, 1);
    say(payload, job, 1, JobStatus.Running, "Application");
    StatusReports.Result last = say(payload, job, 2, JobStatus.Done, "Execution Complete");
    assertThat(last.success().values())
        .extracting(StatusReports.Written::status)
        .containsExactly(JobStatus.Done);
    assertThat(ROOM.column(job, "status")).isEqualTo("Done");
    assertThat(ROOM.leaseAttempt(job)).isEmpty();
    assertThat(ROOM.events(JobEvents.AttemptEnded.class))
        .extracting(JobEvents.AttemptEnded::outcome)
        .containsExactly(JobEvents.Outcome.DONE);
    refused(ErrorCode.STALE_ATTEMPT, () -> say(payload, job, 3, null, "still here"));
    refused(ErrorCode.STALE_ATTEMPT, () -> heartbeats.beat(payload, Map.of(job, NOTHING)));
  }

  @Test
  void staleAttemptIsRefusedAndTheNewOneIsNotDisturbed() {
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    ROOM.jdbc().sql("DELETE FROM jobs.lease WHERE job_id = :id").param("id", job).update();
    ROOM.jdbc()
        .sql("UPDATE jobs.job SET status = 'Waiting' WHERE job_id = :id")
        .param("id", job)
        .update();
    ROOM.claim(job, "pilot2");
    refused(
        ErrorCode.STALE_ATTEMPT,
        () -> say(Callers.payload(job, 1), job, 9, JobStatus.Failed, "late"));
    assertThat(ROOM.column(job, "status")).isEqualTo("Matched");
    say(Callers.payload(job, 2), job, 1, JobStatus.Running, null);
    assertThat(ROOM.column(job, "status")).isEqualTo("Running");
  }

  @Test
  void payloadTouchesItsOwnJobOnly() {
    long mine = ROOM.waitingJob("alice", 3, 1);
    long other = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(mine, "pilot1");
    ROOM.claim(other, "pilot1");
    refused(
        ErrorCode.FORBIDDEN,
        () -> say(Callers.payload(mine, 1), other, 1, JobStatus.Running, null));
  }

  @Test
  void clockOfTheNodeMayBeWrong() {
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    Caller payload = Callers.payload(job, 1);
    say(payload, job, -7200, JobStatus.Running, "two hours behind");
    assertThat(ROOM.column(job, "status")).isEqualTo("Running");
    say(payload, job, -7300, JobStatus.Failed, "late even for itself");
    assertThat(ROOM.column(job, "status")).isEqualTo("Running");
    say(payload, job, 7200, JobStatus.Completing, "two hours ahead");
    assertThat(ROOM.column(job, "status")).isEqualTo("Completing");
    StatusReports.Result killed = say(Callers.user("alice"), job, 60, JobStatus.Killed, null);
    assertThat(killed.success().values())
        .as("not late because of the node's clock")
        .extracting(StatusReports.Written::status)
        .containsExactly(JobStatus.Killed);
  }

  @Test
  void killedJobKeepsItsAttemptUntilTheWrapperHasStopped() {
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    Caller payload = Callers.payload(job, 1);
    say(payload, job, 1, JobStatus.Running, "Application");
    say(Callers.user("alice"), job, 10, JobStatus.Killed, "Marked for termination");
    assertThat(ROOM.leaseAttempt(job)).contains(1);
    assertThat(heartbeats.beat(payload, Map.of(job, NOTHING)))
        .containsExactly(new JobCommand(new JobId(job), "Kill", ""));
    assertThat(heartbeats.beat(payload, Map.of(job, NOTHING))).isEmpty();
    assertThat(ROOM.column(job, "status")).isEqualTo("Killed");
    say(payload, job, 12, JobStatus.Failed, "Received Kill signal");
    assertThat(ROOM.column(job, "concat(status, '/', minor_status)"))
        .isEqualTo("Killed/Received Kill signal");
    assertThat(ROOM.leaseAttempt(job)).isEmpty();
    assertThat(ROOM.events(JobEvents.AttemptEnded.class).getFirst().outcome())
        .isEqualTo(JobEvents.Outcome.KILLED);
  }

  @Test
  void killWhoseAnswerWasLostComesAgain() {
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    say(Callers.user("alice"), job, 10, JobStatus.Killed, null);
    Caller payload = Callers.payload(job, 1);
    assertThat(heartbeats.beat(payload, Map.of(job, NOTHING))).hasSize(1);
    ROOM.jdbc().sql("UPDATE jobs.command SET sent = sent - interval '3 minutes'").update();
    assertThat(heartbeats.beat(payload, Map.of(job, NOTHING))).hasSize(1);
  }

  @Test
  void killOfAWaitingJobTakesItFromTheLine() {
    long job = ROOM.waitingJob("alice", 3, 5);
    say(Callers.user("alice"), job, 1, JobStatus.Killed, null);
    assertThat(ROOM.events(JobEvents.NoLongerWaiting.class)).hasSize(1);
    assertThat(
            ROOM.jdbc()
                .sql("SELECT count(*) FROM jobs.command WHERE job_id = :id")
                .param("id", job)
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Test
  void reportThatComesTwiceStandsInTheLogOnce() {
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    Caller payload = Callers.payload(job, 1);
    say(payload, job, 1, JobStatus.Running, "a");
    say(payload, job, 2, null, "b");
    say(payload, job, 2, null, "b");
    say(payload, job, 1, JobStatus.Running, "a");
    assertThat(ROOM.log(job))
        .containsExactly("Matched/Assigned/Matcher", "Running/a/JobWrapper", "/b/JobWrapper");
  }

  @Test
  void ownerAndSharingGroupMayOthersMayNot() {
    long job = ROOM.waitingJob("alice", 3, 1);
    refused(ErrorCode.FORBIDDEN, () -> say(Callers.user("bob"), job, 1, JobStatus.Killed, null));
    refused(
        ErrorCode.FORBIDDEN,
        () ->
            say(
                Callers.person("other", "alice", "user", Caller.Reach.OWN),
                job,
                1,
                JobStatus.Killed,
                null));
    refused(
        ErrorCode.FORBIDDEN,
        () ->
            say(
                Callers.person("other", "admin", "admin", Caller.Reach.VO),
                job,
                1,
                JobStatus.Killed,
                null));
    refused(
        ErrorCode.FORBIDDEN,
        () -> say(Callers.user("alice"), 99_999_999, 1, JobStatus.Killed, null));
    ROOM.jdbc()
        .sql("UPDATE jobs.job SET owner_group = 'shared' WHERE job_id = :id")
        .param("id", job)
        .update();
    say(Callers.person("vo", "bob", "shared", Caller.Reach.OWN), job, 1, JobStatus.Killed, null);
    assertThat(ROOM.column(job, "status")).isEqualTo("Killed");
    assertThat(
            say(Callers.administrator(), 99_999_999, 1, JobStatus.Killed, null).failed().keySet())
        .containsExactly(99_999_999L);
  }

  @Test
  void heartbeatRunsMatchedAndStalledJobsAndKeepsFigures() {
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    Caller payload = Callers.payload(job, 1);
    HeartbeatData data = new HeartbeatData(1.5, 200.0, null, 5e3, 12.0, 13.0, "last lines\n");
    heartbeats.beat(payload, Map.of(job, data));
    heartbeats.beat(payload, Map.of(job, data));
    assertThat(ROOM.column(job, "concat(status, '/', start_exec_time IS NOT NULL)"))
        .isEqualTo("Running/t");
    assertThat(ROOM.log(job)).containsExactly("Matched/Assigned/Matcher", "Running//Heartbeat");
    assertThat(
            ROOM.jdbc()
                .sql(
                    "SELECT count(*) FROM jobs.heartbeat WHERE job_id = :id AND load_average = 1.5")
                .param("id", job)
                .query(Integer.class)
                .single())
        .isEqualTo(2);
    assertThat(
            ROOM.jdbc()
                .sql("SELECT standard_output FROM jobs.peek WHERE job_id = :id")
                .param("id", job)
                .query(String.class)
                .single())
        .isEqualTo("last lines\n");
    refused(
        ErrorCode.NOT_FOUND,
        () -> heartbeats.beat(Callers.administrator(), Map.of(99_999_999L, NOTHING)));
  }

  @Test
  void manyWrappersAtOnceEachGetTheirOwnAnswer() throws Exception {
    List<Long> jobs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      long job = ROOM.waitingJob("alice", 3, 1);
      ROOM.claim(job, "pilot1");
      jobs.add(job);
    }
    List<Future<StatusReports.Result>> answers = new ArrayList<>();
    try (ExecutorService wrappers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long job : jobs) {
        int attempt = job % 4 == 0 ? 2 : 1;
        answers.add(
            wrappers.submit(
                () -> say(Callers.payload(job, attempt), job, 1, JobStatus.Running, null)));
      }
    }
    for (int i = 0; i < jobs.size(); i++) {
      Future<StatusReports.Result> answer = answers.get(i);
      if (jobs.get(i) % 4 == 0) {
        assertThatThrownBy(answer::get).hasRootCauseInstanceOf(SpinorException.class);
      } else {
        assertThat(answer.get().success()).containsOnlyKeys(jobs.get(i));
      }
    }
  }

  @Test
  void timesOfReportsMustSayThatTheyAreUtc() {
    assertThat(ReportController.utc("2026-11-21 03:30:00.123456Z"))
        .isEqualTo(Instant.parse("2026-11-21T03:30:00.123456Z"));
    assertThat(ReportController.utc("2026-11-21T03:30:00+00:00"))
        .isEqualTo(Instant.parse("2026-11-21T03:30:00Z"));
    refused(ErrorCode.INVALID_REQUEST, () -> ReportController.utc("2026-11-21T03:30:00"));
    refused(ErrorCode.INVALID_REQUEST, () -> ReportController.utc("2026-11-21T03:30:00+01:00"));
    refused(ErrorCode.UNPROCESSABLE, () -> ReportController.utc("yesterday"));
  }

  @Test
  void metadataSetsColumnsAndFreeParameters() {
    Metadata metadata = ROOM.get(Metadata.class);
    long job = ROOM.waitingJob("alice", 3, 1);
    ROOM.claim(job, "pilot1");
    Caller payload = Callers.payload(job, 1);
    metadata.patch(
        payload, Map.of(job, Map.of("Site", "LCG.CNAF.it", "HostName", "wn\0 1", "CPU", 12.5)));
    metadata.patch(payload, Map.of(job, Map.of("JobType", "Test", "HostName", "wn2")));
    assertThat(ROOM.column(job, "concat(site, '/', job_type)")).isEqualTo("LCG.CNAF.it/Test");
    assertThat(ROOM.get(org.spinor.server.jobs.rows.Parameters.class).of(job))
        .isEqualTo(Map.of("HostName", "wn2", "CPU", 12.5, "JobType", "Test"));
    refused(
        ErrorCode.FORBIDDEN, () -> metadata.patch(payload, Map.of(job, Map.of("Status", "Done"))));
    refused(
        ErrorCode.FORBIDDEN,
        () -> metadata.patch(Callers.user("alice"), Map.of(job, Map.of("Owner", "bob"))));
    refused(
        ErrorCode.UNPROCESSABLE,
        () ->
            metadata.patch(
                Callers.administrator(), Map.of(job, Map.of("StartExecTime", "2026-01-01"))));
  }
}
