package org.spinor.server.jobs.rows;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Locks jobs and writes them back. All locks are taken in the order of the job numbers, here and in
 * the claim: so no two changes wait for each other in a circle. To be called in a transaction.
 */
@Component
public final class JobRows {
  private final JdbcClient jdbc;
  private final JobEffects effects;

  JobRows(JdbcClient jdbc, JobEffects effects) {
    this.jdbc = jdbc;
    this.effects = effects;
  }

  /** The jobs that exist among these, by number, ascending. */
  public SequencedMap<Long, LockedJob> lock(Collection<Long> ids) {
    List<Loaded> rows =
        jdbc.sql(
                """
                SELECT job_id, vo, owner, owner_group, template_id, coalesce(parameter_number, -1) AS parameter_number, wanted_site,
                  status, minor_status, application_status, start_exec_time, end_exec_time, heart_beat_time,
                  attempt, class_number, user_priority, reschedule_counter, infrastructure_failures, verified_flag, site,
                  reschedule_time, status_time, now() AS now
                FROM jobs.job WHERE job_id = ANY(:ids) ORDER BY job_id FOR UPDATE
                """)
            .param("ids", SqlArrays.ids(ids))
            .query((row, number) -> loaded(row))
            .list();
    // In a statement of its own: while the first one waited for a lock, leases may have changed.
    Map<Long, Lease> leases = leases(ids);
    SequencedMap<Long, LockedJob> jobs = new LinkedHashMap<>();
    for (Loaded row : rows) {
      long id = row.identity().jobId();
      jobs.put(
          id,
          new LockedJob(
              row.identity(),
              row.now(),
              row.state(),
              row.cycle(),
              row.statusTime(),
              leases.get(id)));
    }
    return jobs;
  }

  private record Loaded(
      JobIdentity identity,
      JobState state,
      LockedJob.Cycle cycle,
      Instant statusTime,
      Instant now) {}

  private static Loaded loaded(ResultSet row) throws SQLException {
    JobIdentity identity =
        new JobIdentity(
            row.getLong("job_id"),
            row.getString("vo"),
            row.getString("owner"),
            row.getString("owner_group"),
            row.getLong("template_id"),
            row.getInt("parameter_number"),
            row.getString("wanted_site"));
    JobState state =
        new JobState(
            JobStatus.valueOf(row.getString("status")),
            row.getString("minor_status"),
            row.getString("application_status"),
            time(row, "start_exec_time"),
            time(row, "end_exec_time"),
            time(row, "heart_beat_time"));
    LockedJob.Cycle cycle =
        new LockedJob.Cycle(
            row.getInt("attempt"),
            row.getInt("class_number"),
            row.getInt("user_priority"),
            row.getInt("reschedule_counter"),
            row.getInt("infrastructure_failures"),
            row.getBoolean("verified_flag"),
            row.getString("site"),
            time(row, "reschedule_time"));
    return new Loaded(
        identity,
        state,
        cycle,
        row.getObject("status_time", OffsetDateTime.class).toInstant(),
        row.getObject("now", OffsetDateTime.class).toInstant());
  }

  private Map<Long, Lease> leases(Collection<Long> ids) {
    Map<Long, Lease> leases = new HashMap<>();
    jdbc.sql(
            """
            SELECT job_id, attempt, pilot_stamp, lease_until < now() AS expired, untrusted, last_report
            FROM jobs.lease WHERE job_id = ANY(:ids)
            """)
        .param("ids", SqlArrays.ids(ids))
        .query(
            row -> {
              leases.put(
                  row.getLong("job_id"),
                  new Lease(
                      row.getInt("attempt"),
                      row.getString("pilot_stamp"),
                      row.getBoolean("expired"),
                      row.getBoolean("untrusted"),
                      time(row, "last_report")));
            });
    return leases;
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Writes all changes, then what follows from them: log, attempts, commands, events. */
  public void save(Collection<LockedJob> jobs) {
    List<LockedJob> changed = jobs.stream().filter(LockedJob::changed).toList();
    if (!changed.isEmpty()) {
      update(changed);
    }
    effects.of(jobs);
  }

  private void update(List<LockedJob> jobs) {
    jdbc.sql(
            """
            UPDATE jobs.job j
            SET status = c.status, minor_status = c.minor_status, application_status = c.application_status,
              start_exec_time = c.start_exec_time, end_exec_time = c.end_exec_time, heart_beat_time = c.heart_beat_time,
              status_time = c.status_time, reschedule_time = c.reschedule_time, last_update_time = now(),
              class_number = c.class_number, user_priority = c.priority, reschedule_counter = c.reschedule_counter,
              infrastructure_failures = c.failures, site = c.site
            FROM unnest(:ids::bigint[], :statuses::text[], :minors::text[], :applications::text[], :starts::timestamptz[],
              :ends::timestamptz[], :heartBeats::timestamptz[], :statusTimes::timestamptz[], :rescheduleTimes::timestamptz[],
              :classes::int[], :priorities::int[], :counters::int[], :failures::int[], :sites::text[])
              AS c(job_id, status, minor_status, application_status, start_exec_time, end_exec_time, heart_beat_time,
                status_time, reschedule_time, class_number, priority, reschedule_counter, failures, site)
            WHERE j.job_id = c.job_id
            """)
        .param("ids", SqlArrays.numbers(jobs, LockedJob::jobId))
        .param("statuses", SqlArrays.texts(jobs, job -> job.state().status()))
        .param("minors", SqlArrays.texts(jobs, job -> job.state().minorStatus()))
        .param("applications", SqlArrays.texts(jobs, job -> job.state().applicationStatus()))
        .param("starts", SqlArrays.texts(jobs, job -> job.state().startExecTime()))
        .param("ends", SqlArrays.texts(jobs, job -> job.state().endExecTime()))
        .param("heartBeats", SqlArrays.texts(jobs, job -> job.state().heartBeatTime()))
        .param("statusTimes", SqlArrays.texts(jobs, LockedJob::statusTime))
        .param("rescheduleTimes", SqlArrays.texts(jobs, job -> job.cycle().rescheduleTime()))
        .param("classes", SqlArrays.texts(jobs, job -> job.cycle().classNumber()))
        .param("priorities", SqlArrays.texts(jobs, job -> job.cycle().priority()))
        .param("counters", SqlArrays.texts(jobs, job -> job.cycle().rescheduleCounter()))
        .param("failures", SqlArrays.texts(jobs, job -> job.cycle().infrastructureFailures()))
        .param("sites", SqlArrays.texts(jobs, job -> job.cycle().site()))
        .update();
  }
}
