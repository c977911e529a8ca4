package org.spinor.server.jobs.attempts;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.spinor.api.AttemptId;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobResults;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.LockedJob;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Decides about results of untrusted attempts. */
@Component
final class Verdicts implements JobResults {
  private static final String SOURCE = "Validator";

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final JobRows rows;
  private final LostAttempts lost;
  private final ApplicationEventPublisher events;

  Verdicts(
      JdbcClient jdbc,
      Transactions transactions,
      JobRows rows,
      LostAttempts lost,
      ApplicationEventPublisher events) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.rows = rows;
    this.lost = lost;
    this.events = events;
  }

  @Override
  public Optional<Unverified> find(AttemptId attempt) {
    return jdbc.sql(
            """
            SELECT j.vo, j.owner, a.pilot_stamp, a.host
            FROM jobs.job j JOIN jobs.attempt a ON a.job_id = j.job_id AND a.attempt = j.attempt
            WHERE j.job_id = :job AND j.attempt = :attempt AND j.status = 'Completing' AND a.outcome = 'UNVERIFIED'
            """)
        .param("job", attempt.jobId().value())
        .param("attempt", attempt.attempt())
        .query(
            (row, n) ->
                new Unverified(
                    attempt,
                    row.getString("vo"),
                    row.getString("owner"),
                    row.getString("pilot_stamp"),
                    row.getString("host")))
        .optional();
  }

  @Override
  public boolean accept(AttemptId attempt, String why, Collection<Settled> others) {
    return decide(
        attempt,
        JobEvents.Outcome.DONE,
        why,
        job -> {
          job.move(
              JobStatus.Done,
              MinorStatus.EXECUTION_COMPLETE,
              job.state().applicationStatus(),
              SOURCE);
          for (Settled other : others) {
            mark(
                new AttemptId(attempt.jobId(), other.attempt()),
                JobEvents.Outcome.UNDECIDED,
                other.agrees() ? JobEvents.Outcome.DONE : JobEvents.Outcome.REJECTED,
                other.agrees()
                    ? "agrees with attempt " + attempt.attempt()
                    : "does not agree with attempt " + attempt.attempt() + ", which was accepted");
          }
        });
  }

  @Override
  public boolean reject(AttemptId attempt, String reason) {
    return decide(
        attempt,
        JobEvents.Outcome.REJECTED,
        reason,
        job ->
            lost.waitAgain(
                job,
                pilotOf(attempt),
                MinorStatus.RESULTS_REJECTED,
                "results rejected: " + reason,
                SOURCE));
  }

  @Override
  public boolean undecided(AttemptId attempt, String reason) {
    return decide(
        attempt,
        JobEvents.Outcome.UNDECIDED,
        reason,
        job -> {
          job.move(JobStatus.Rescheduled, MinorStatus.NEEDS_ANOTHER_RESULT, reason, SOURCE);
          job.beginAgain(job.infrastructureFailures());
          job.move(JobStatus.Waiting, MinorStatus.PILOT_AGENT_SUBMISSION, "Unknown", SOURCE);
        });
  }

  private boolean decide(
      AttemptId attempt, JobEvents.Outcome outcome, String reason, Consumer<LockedJob> then) {
    return transactions.in(
        () -> {
          LockedJob job = rows.lock(List.of(attempt.jobId().value())).get(attempt.jobId().value());
          if (job == null
              || job.status() != JobStatus.Completing
              || job.attempt() != attempt.attempt()
              || !mark(attempt, JobEvents.Outcome.UNVERIFIED, outcome, reason)) {
            return false;
          }
          then.accept(job);
          rows.save(List.of(job));
          return true;
        });
  }

  /** Changes the outcome of an ended attempt, and tells who counts it. */
  private boolean mark(
      AttemptId attempt, JobEvents.Outcome from, JobEvents.Outcome to, String reason) {
    List<JobEvents.ResultJudged> judged =
        jdbc.sql(
                """
                UPDATE jobs.attempt SET outcome = :to, reason = :reason
                WHERE job_id = :job AND attempt = :attempt AND outcome = :from
                RETURNING class_number, pilot_stamp, site, ce
                """)
            .param("job", attempt.jobId().value())
            .param("attempt", attempt.attempt())
            .param("from", from.name())
            .param("to", to.name())
            .param("reason", reason)
            .query(
                (row, n) ->
                    new JobEvents.ResultJudged(
                        attempt,
                        row.getInt("class_number"),
                        row.getString("pilot_stamp"),
                        row.getString("site"),
                        row.getString("ce"),
                        to == JobEvents.Outcome.DONE))
            .list();
    if (to != JobEvents.Outcome.UNDECIDED) {
      judged.forEach(events::publishEvent);
    }
    return !judged.isEmpty();
  }

  private String pilotOf(AttemptId attempt) {
    return jdbc.sql(
            "SELECT pilot_stamp FROM jobs.attempt WHERE job_id = :job AND attempt = :attempt")
        .param("job", attempt.jobId().value())
        .param("attempt", attempt.attempt())
        .query(String.class)
        .single();
  }
}
