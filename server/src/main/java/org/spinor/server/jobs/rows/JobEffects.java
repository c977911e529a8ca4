package org.spinor.server.jobs.rows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.server.jobs.JobEvents;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What follows from changed jobs, in the same transaction. */
@Component
final class JobEffects {
  private final JdbcClient jdbc;
  private final JobLog log;
  private final LineEvents line;
  private final ApplicationEventPublisher events;

  JobEffects(JdbcClient jdbc, JobLog log, LineEvents line, ApplicationEventPublisher events) {
    this.jdbc = jdbc;
    this.log = log;
    this.line = line;
    this.events = events;
  }

  void of(Collection<LockedJob> jobs) {
    log.append(jobs);
    renewLeases(jobs.stream().filter(LockedJob::leaseRenewed).toList());
    endAttempts(jobs.stream().filter(job -> !job.ended().isEmpty()).toList());
    dropCommands(jobs.stream().filter(JobEffects::beginsAnew).toList());
    insertCommands(jobs.stream().filter(job -> !job.commands().isEmpty()).toList());
    publishLine(jobs);
    dropOutput(jobs.stream().filter(LockedJob::dropsResult).map(LockedJob::jobId).toList());
  }

  private void dropOutput(List<Long> jobs) {
    if (!jobs.isEmpty()) {
      events.publishEvent(new JobEvents.OutputDropped(jobs));
    }
  }

  private void publishLine(Collection<LockedJob> jobs) {
    LineEvents.Change change = new LineEvents.Change();
    for (LockedJob job : jobs) {
      LockedJob.Cycle before = job.cycleBefore();
      LockedJob.Cycle after = job.cycle();
      boolean waited = job.stateBefore().status() == JobStatus.Waiting;
      boolean waits = job.status() == JobStatus.Waiting;
      boolean moved =
          before.classNumber() != after.classNumber() || before.priority() != after.priority();
      if (waited && (!waits || moved)) {
        change.left(before.classNumber(), before.priority());
      }
      if (waits && (!waited || moved)) {
        change.joined(after.classNumber(), after.priority());
      }
    }
    line.publish(change);
  }

  private void renewLeases(List<LockedJob> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            UPDATE jobs.lease l SET
              lease_until = greatest(l.lease_until, now() + make_interval(secs => l.lease_seconds)), last_report = r.last_report
            FROM unnest(:ids::bigint[], :attempts::int[], :reports::timestamptz[]) AS r(job_id, attempt, last_report)
            WHERE l.job_id = r.job_id AND l.attempt = r.attempt
            """)
        .param("ids", SqlArrays.numbers(jobs, LockedJob::jobId))
        .param("attempts", SqlArrays.texts(jobs, job -> job.lease().map(Lease::attempt).orElse(0)))
        .param(
            "reports",
            SqlArrays.texts(jobs, job -> job.lease().map(Lease::lastReport).orElse(null)))
        .update();
  }

  private record End(long jobId, LockedJob.Ended ended) {}

  private void endAttempts(List<LockedJob> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    List<End> ends = new ArrayList<>();
    jobs.forEach(job -> job.ended().forEach(ended -> ends.add(new End(job.jobId(), ended))));
    List<JobEvents.AttemptEnded> published = new ArrayList<>();
    jdbc.sql(
            """
            WITH ended AS (
              SELECT * FROM unnest(:ids::bigint[], :attempts::int[], :outcomes::text[], :reasons::text[])
                AS e(job_id, attempt, outcome, reason)),
            released AS (DELETE FROM jobs.lease l USING ended e WHERE l.job_id = e.job_id AND l.attempt = e.attempt)
            UPDATE jobs.attempt a SET ended = now(), outcome = e.outcome, reason = e.reason
            FROM ended e WHERE a.job_id = e.job_id AND a.attempt = e.attempt
            RETURNING a.job_id, a.attempt, a.class_number, a.pilot_stamp, a.site, a.ce, a.cores, a.untrusted, a.outcome,
              extract(epoch FROM a.ended - a.started)::bigint AS seconds
            """)
        .param("ids", SqlArrays.numbers(ends, End::jobId))
        .param("attempts", SqlArrays.texts(ends, end -> end.ended().attempt()))
        .param("outcomes", SqlArrays.texts(ends, end -> end.ended().outcome()))
        .param("reasons", SqlArrays.texts(ends, end -> end.ended().reason()))
        .query(
            row -> {
              published.add(
                  new JobEvents.AttemptEnded(
                      new AttemptId(new JobId(row.getLong("job_id")), row.getInt("attempt")),
                      row.getInt("class_number"),
                      row.getString("pilot_stamp"),
                      row.getString("site"),
                      row.getString("ce"),
                      row.getInt("cores"),
                      row.getLong("seconds"),
                      row.getBoolean("untrusted"),
                      JobEvents.Outcome.valueOf(row.getString("outcome"))));
            });
    published.forEach(events::publishEvent);
    dropOutput(
        published.stream()
            .filter(end -> end.untrusted() && end.outcome() != JobEvents.Outcome.UNVERIFIED)
            .map(end -> end.attempt().jobId().value())
            .toList());
  }

  /** What was ordered of an attempt that is over must not reach the next one. */
  private static boolean beginsAnew(LockedJob job) {
    return !job.ended().isEmpty()
        || (job.status() == JobStatus.Waiting && job.stateBefore().status() != JobStatus.Waiting);
  }

  private void dropCommands(List<LockedJob> jobs) {
    if (!jobs.isEmpty()) {
      jdbc.sql("DELETE FROM jobs.command WHERE job_id = ANY(:ids)")
          .param("ids", SqlArrays.numbers(jobs, LockedJob::jobId))
          .update();
    }
  }

  private record Order(long jobId, LockedJob.Command command) {}

  private void insertCommands(List<LockedJob> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    List<Order> orders = new ArrayList<>();
    jobs.forEach(
        job -> job.commands().forEach(command -> orders.add(new Order(job.jobId(), command))));
    jdbc.sql(
            """
            INSERT INTO jobs.command (job_id, command, arguments)
            SELECT * FROM unnest(:ids::bigint[], :commands::text[], :arguments::text[])
            """)
        .param("ids", SqlArrays.numbers(orders, Order::jobId))
        .param("commands", SqlArrays.texts(orders, order -> order.command().command()))
        .param("arguments", SqlArrays.texts(orders, order -> order.command().arguments()))
        .update();
  }
}
