package org.spinor.server.jobs.lifecycle;

import java.util.Collection;
import java.util.List;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.rows.SqlArrays;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Removes jobs with all that belongs to them. Their log goes with its partition. */
@Component
final class Removal {
  private static final List<String> TABLES =
      List.of(
          "jobs.attempt",
          "jobs.lease",
          "jobs.peek",
          "jobs.command",
          "jobs.parameters",
          "jobs.parameters_attic");

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final ApplicationEventPublisher events;

  Removal(JdbcClient jdbc, Transactions transactions, ApplicationEventPublisher events) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.events = events;
  }

  /** Removes those of these jobs that are Deleted. */
  void remove(Collection<Long> ids) {
    transactions.run(
        () -> {
          List<Long> gone = deleteJobs(ids);
          if (gone.isEmpty()) {
            return;
          }
          for (String table : TABLES) {
            jdbc.sql("DELETE FROM " + table + " WHERE job_id = ANY(:ids)")
                .param("ids", SqlArrays.ids(gone))
                .update();
          }
          events.publishEvent(new JobEvents.Removed(gone));
        });
  }

  /** With the last job of a submission goes its template. */
  private List<Long> deleteJobs(Collection<Long> ids) {
    List<Removed> removed =
        jdbc.sql(
                """
                WITH doomed AS MATERIALIZED (
                  SELECT job_id FROM jobs.job WHERE job_id = ANY(:ids) AND status = 'Deleted' ORDER BY job_id FOR UPDATE)
                DELETE FROM jobs.job j USING doomed d WHERE j.job_id = d.job_id
                RETURNING j.job_id, j.template_id
                """)
            .param("ids", SqlArrays.ids(ids))
            .query((row, n) -> new Removed(row.getLong(1), row.getLong(2)))
            .list();
    if (!removed.isEmpty()) {
      jdbc.sql(
              """
              WITH fewer AS (
                SELECT template_id, count(*) AS n FROM unnest(:templates::bigint[]) AS t(template_id) GROUP BY template_id)
              UPDATE jobs.template t SET jobs_left = jobs_left - f.n FROM fewer f WHERE t.template_id = f.template_id
              """)
          .param("templates", SqlArrays.numbers(removed, Removed::templateId))
          .update();
      jdbc.sql("DELETE FROM jobs.template WHERE template_id = ANY(:templates) AND jobs_left <= 0")
          .param("templates", SqlArrays.numbers(removed, Removed::templateId))
          .update();
    }
    return removed.stream().map(Removed::jobId).toList();
  }

  private record Removed(long jobId, long templateId) {}
}
