package org.spinor.server.jobs.rows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes the log of jobs. */
@Component
public final class JobLog {
  private final JdbcClient jdbc;

  JobLog(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Entry(long jobId, int attempt, LogLine line) {}

  void append(Collection<LockedJob> jobs) {
    List<Entry> fresh = new ArrayList<>();
    List<Entry> late = new ArrayList<>();
    for (LockedJob job : jobs) {
      for (LogLine line : job.log()) {
        (line.late() ? late : fresh).add(new Entry(job.jobId(), job.attempt(), line));
      }
    }
    insert(fresh, "");
    insert(
        late,
        """
        WHERE NOT EXISTS (
          SELECT FROM jobs.logging l
          WHERE l.job_id = n.job_id AND l.status_time = n.status_time AND l.source = n.source
            AND l.status IS NOT DISTINCT FROM n.status AND l.minor_status IS NOT DISTINCT FROM n.minor_status
            AND l.application_status IS NOT DISTINCT FROM n.application_status)
        """);
  }

  private void insert(List<Entry> entries, String condition) {
    if (entries.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO jobs.logging (job_id, attempt, status_time, status, minor_status, application_status, source)
            SELECT job_id, attempt, status_time, status, minor_status, application_status, source
            FROM unnest(:ids::bigint[], :attempts::int[], :times::timestamptz[], :statuses::text[], :minors::text[],
              :applications::text[], :sources::text[]) WITH ORDINALITY
              AS n(job_id, attempt, status_time, status, minor_status, application_status, source, place)
            """
                + condition
                + " ORDER BY place")
        .param("ids", SqlArrays.numbers(entries, Entry::jobId))
        .param("attempts", SqlArrays.texts(entries, Entry::attempt))
        .param("times", SqlArrays.texts(entries, entry -> entry.line().time()))
        .param("statuses", SqlArrays.texts(entries, entry -> entry.line().status()))
        .param("minors", SqlArrays.texts(entries, entry -> entry.line().minorStatus()))
        .param("applications", SqlArrays.texts(entries, entry -> entry.line().applicationStatus()))
        .param("sources", SqlArrays.texts(entries, entry -> entry.line().source()))
        .update();
  }
}
