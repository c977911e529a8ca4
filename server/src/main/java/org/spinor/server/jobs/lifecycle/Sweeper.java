package org.spinor.server.jobs.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.LockedJob;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Looks after jobs that nobody looks after: those that somebody's report put into a state in which
 * the server itself would never leave them. Jobs with a living attempt have their lease.
 */
@Component
final class Sweeper implements TaskHandler {
  private static final int AT_ONCE = 2_000;
  private static final String SOURCE = "JobSweeper";

  /** What is done to jobs that are in a state for too long. */
  private record Rule(List<JobStatus> states, Duration silence, Consumer<LockedJob> action) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              List.of(
                  JobStatus.Submitting, JobStatus.Received, JobStatus.Checking, JobStatus.Staging),
              Duration.ofSeconds(300),
              job -> wait(job, "")),
          new Rule(
              List.of(JobStatus.Matched),
              Duration.ofSeconds(7200),
              job -> wait(job, "matched, but no wrapper began")),
          new Rule(
              List.of(JobStatus.Running, JobStatus.Completing),
              Duration.ofSeconds(4500),
              job ->
                  job.move(
                      JobStatus.Stalled,
                      job.state().minorStatus(),
                      job.state().applicationStatus(),
                      SOURCE)),
          new Rule(
              List.of(JobStatus.Stalled),
              Duration.ofSeconds(11_700 - 4500),
              job ->
                  job.move(
                      JobStatus.Failed,
                      MinorStatus.PILOT_LOST,
                      job.state().applicationStatus(),
                      SOURCE)));

  private static final Duration RESCHEDULED_SILENCE = Duration.ofSeconds(600);

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final JobRows rows;
  private final Rescheduling rescheduling;

  Sweeper(JdbcClient jdbc, Transactions transactions, JobRows rows, Rescheduling rescheduling) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.rows = rows;
    this.rescheduling = rescheduling;
  }

  @Override
  public String type() {
    return "jobs.sweep";
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(Duration.ofSeconds(60));
  }

  @Override
  public void run(String payload) {
    for (Rule rule : RULES) {
      List<Long> jobs = forgotten(rule.states(), rule.silence());
      if (!jobs.isEmpty()) {
        sweep(jobs, rule);
      }
    }
    List<Long> left = forgotten(List.of(JobStatus.Rescheduled), RESCHEDULED_SILENCE);
    if (!left.isEmpty()) {
      rescheduling.reschedule(left, false, SOURCE);
    }
  }

  /** Those that nobody holds and of which nothing was heard; not those that wait for a verdict. */
  private List<Long> forgotten(List<JobStatus> states, Duration silence) {
    return jdbc.sql(
            """
            SELECT j.job_id FROM jobs.job j
            WHERE j.status = ANY(:states)
              AND j.status NOT IN ('Waiting', 'Done')
              AND greatest(j.last_update_time, j.heart_beat_time) < now() - make_interval(secs => :silence)
              AND NOT EXISTS (SELECT FROM jobs.lease l WHERE l.job_id = j.job_id)
              AND NOT (j.status = 'Completing' AND EXISTS (
                SELECT FROM jobs.attempt a WHERE a.job_id = j.job_id AND a.attempt = j.attempt AND a.outcome = 'UNVERIFIED'))
            ORDER BY j.job_id LIMIT :limit
            """)
        .param("states", states.stream().map(JobStatus::name).toArray(String[]::new))
        .param("silence", silence.toSeconds())
        .param("limit", AT_ONCE)
        .query((row, n) -> row.getLong(1))
        .list();
  }

  private void sweep(List<Long> ids, Rule rule) {
    Predicate<LockedJob> still =
        job -> rule.states().contains(job.status()) && job.lease().isEmpty();
    transactions.run(
        () -> {
          List<LockedJob> jobs = rows.lock(ids).values().stream().filter(still).toList();
          jobs.forEach(rule.action());
          rows.save(jobs);
        });
  }

  private static void wait(LockedJob job, String why) {
    if (!why.isEmpty()) {
      job.move(JobStatus.Rescheduled, MinorStatus.RESCHEDULED, why, SOURCE);
      job.beginAgain(job.infrastructureFailures());
    }
    job.move(JobStatus.Waiting, MinorStatus.PILOT_AGENT_SUBMISSION, "Unknown", SOURCE);
  }
}
