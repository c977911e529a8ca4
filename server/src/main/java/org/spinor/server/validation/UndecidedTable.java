package org.spinor.server.validation;

import java.util.List;
import org.spinor.server.jobs.JobEvents;
import org.spinor.spi.validation.Earlier;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Results that wait for others to be compared with. */
@Component
final class UndecidedTable {
  private final JdbcClient jdbc;

  UndecidedTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<Earlier> of(long jobId) {
    return jdbc.sql(
            "SELECT attempt, host, fingerprint FROM validation.undecided WHERE job_id = :job ORDER BY attempt")
        .param("job", jobId)
        .query(
            (row, n) ->
                new Earlier(
                    row.getInt("attempt"), row.getString("host"), row.getString("fingerprint")))
        .list();
  }

  void add(long jobId, Earlier result) {
    jdbc.sql(
            """
            INSERT INTO validation.undecided (job_id, attempt, host, fingerprint)
            VALUES (:job, :attempt, :host, :fingerprint) ON CONFLICT DO NOTHING
            """)
        .param("job", jobId)
        .param("attempt", result.attempt())
        .param("host", result.host())
        .param("fingerprint", result.fingerprint())
        .update();
  }

  void forget(List<Long> jobIds) {
    jdbc.sql("DELETE FROM validation.undecided WHERE job_id = ANY(:jobs)")
        .param("jobs", jobIds.stream().mapToLong(Long::longValue).toArray())
        .update();
  }

  @EventListener
  void removed(JobEvents.Removed event) {
    forget(event.jobIds());
  }
}
