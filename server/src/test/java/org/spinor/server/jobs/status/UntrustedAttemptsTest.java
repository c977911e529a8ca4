package org.spinor.server.jobs.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.api.JobStatusUpdate;
import org.spinor.server.jobs.Callers;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobResults;
import org.spinor.server.jobs.JobsFixture;
import org.spinor.server.jobs.attempts.Leases;

/** Attempts of pilots that nobody vouches for: what they say, and what becomes of it. */
class UntrustedAttemptsTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private final JobResults results = ROOM.get(JobResults.class);
  private final StatusReports statuses = ROOM.get(StatusReports.class);

  @BeforeEach
  void forget() {
    ROOM.events.clear();
    ROOM.jdbc().sql("TRUNCATE jobs.job, jobs.lease, jobs.attempt, jobs.logging").update();
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private static Optional<JobClaims.Claimed> claim(long job, String pilot, String host) {
    return ROOM.get(JobClaims.class)
        .claim(List.of(new JobClaims.Claim(job, pilot, "S", "ce", pilot, 1, 0, true, host)))
        .getFirst();
  }

  private static AttemptId attempt(long job, int number) {
    return new AttemptId(new JobId(job), number);
  }

  /** Runs the next attempt to the status that it reports. */
  private AttemptId run(long job, String host, JobStatus end) {
    JobClaims.Claimed won = claim(job, "pilot-" + host, host).orElseThrow();
    AttemptId attempt = attempt(job, won.attempt());
    say(attempt, JobStatus.Running, "Application");
    say(attempt, end, "said by the volunteer");
    return attempt;
  }

  private void say(AttemptId attempt, JobStatus status, String minor) {
    long job = attempt.jobId().value();
    JobStatusUpdate update = new JobStatusUpdate(status, minor, null, "JobWrapper");
    statuses.report(
        new StatusReports.Request(
            Callers.payload(job, attempt.attempt()),
            Map.of(job, List.of(new Report(Instant.now(), update))),
            false));
  }

  private static String state(long job) {
    return ROOM.column(job, "concat(status, '/', minor_status)");
  }

  private static String outcome(AttemptId attempt) {
    return ROOM.jdbc()
        .sql("SELECT outcome FROM jobs.attempt WHERE job_id = :job AND attempt = :attempt")
        .param("job", attempt.jobId().value())
        .param("attempt", attempt.attempt())
        .query(String.class)
        .single();
  }

  @Test
  void doneIsNotBelievedUntilItIsAccepted() {
    long job = ROOM.waitingJob("alice", 1, 1);
    AttemptId attempt = run(job, "h1", JobStatus.Done);
    assertThat(state(job)).isEqualTo("Completing/Validating Results");
    assertThat(ROOM.column(job, "end_exec_time")).isEqualTo("null");
    assertThat(ROOM.get(Leases.class).of("pilot-h1")).as("nobody holds it").isEmpty();
    assertThat(ROOM.events(JobEvents.AttemptEnded.class))
        .extracting(JobEvents.AttemptEnded::outcome)
        .containsExactly(JobEvents.Outcome.UNVERIFIED);
    assertThat(results.find(attempt)).get().extracting(JobResults.Unverified::host).isEqualTo("h1");
    assertThat(results.accept(attempt, "good", List.of())).isTrue();
    assertThat(state(job)).isEqualTo("Done/Execution Complete");
    assertThat(ROOM.column(job, "end_exec_time")).isNotEqualTo("null");
    assertThat(outcome(attempt)).isEqualTo("DONE");
    assertThat(results.reject(attempt, "too late")).as("decided once").isFalse();
    assertThat(results.find(attempt)).isEmpty();
    assertThat(ROOM.events(JobEvents.OutputDropped.class)).isEmpty();
  }

  @Test
  void rejectedResultIsDroppedAndTheJobGoesToAnotherHost() {
    long job = ROOM.waitingJob("alice", 1, 1);
    AttemptId attempt = run(job, "h1", JobStatus.Done);
    assertThat(results.reject(attempt, "result.dat is missing")).isTrue();
    assertThat(state(job)).startsWith("Waiting/");
    assertThat(ROOM.column(job, "infrastructure_failures")).isEqualTo("1");
    assertThat(outcome(attempt)).isEqualTo("REJECTED");
    assertThat(ROOM.events(JobEvents.ResultJudged.class))
        .extracting(JobEvents.ResultJudged::accepted)
        .containsExactly(false);
    assertThat(ROOM.events(JobEvents.OutputDropped.class))
        .containsExactly(new JobEvents.OutputDropped(List.of(job)));
    assertThat(claim(job, "pilot-h1", "elsewhere")).as("the same pilot").isEmpty();
    assertThat(claim(job, "another", "h1")).as("the same host").isEmpty();
    assertThat(claim(job, "another", "h2")).isPresent();
  }

  @Test
  void undecidedResultCostsNothingAndIsSettledByALaterOne() {
    long job = ROOM.waitingJob("alice", 1, 1);
    AttemptId first = run(job, "h1", JobStatus.Done);
    assertThat(results.undecided(first, "1 of 2")).isTrue();
    AttemptId lie = run(job, "h2", JobStatus.Done);
    results.undecided(lie, "1 of 2");
    assertThat(ROOM.column(job, "infrastructure_failures")).isEqualTo("0");
    AttemptId last = run(job, "h3", JobStatus.Done);
    ROOM.events.clear();
    results.accept(
        last,
        "2 hosts",
        List.of(
            new JobResults.Settled(first.attempt(), true),
            new JobResults.Settled(lie.attempt(), false)));
    assertThat(List.of(outcome(first), outcome(lie), outcome(last)))
        .containsExactly("DONE", "REJECTED", "DONE");
    assertThat(ROOM.events(JobEvents.ResultJudged.class)).hasSize(3);
    assertThat(ROOM.events(JobEvents.OutputDropped.class)).as("the good output stays").isEmpty();
  }

  @Test
  void failureIsNotBelievedEither() {
    long job = ROOM.waitingJob("alice", 1, 1);
    AttemptId attempt = run(job, "h1", JobStatus.Failed);
    assertThat(state(job)).startsWith("Waiting/");
    assertThat(outcome(attempt)).isEqualTo("FAILED");
    assertThat(claim(job, "pilot-h1", "h1")).isEmpty();
  }

  @Test
  void jobThatIsKilledMeanwhileIsNotDecided() {
    long job = ROOM.waitingJob("alice", 1, 1);
    AttemptId attempt = run(job, "h1", JobStatus.Done);
    ROOM.jdbc().sql("UPDATE jobs.job SET status = 'Killed'").update();
    assertThat(results.find(attempt)).isEmpty();
    assertThat(results.accept(attempt, "good", List.of())).isFalse();
    assertThat(state(job)).startsWith("Killed/");
  }
}
