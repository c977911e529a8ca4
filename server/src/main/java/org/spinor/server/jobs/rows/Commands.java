package org.spinor.server.jobs.rows;

import java.util.Collection;
import java.util.List;
import org.spinor.api.AttemptId;
import org.spinor.api.JobCommand;
import org.spinor.api.JobId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Commands to the wrappers of living attempts. */
@Component
public final class Commands {
  // Handed over once; only a kill that seems to have had no effect comes again: its answer may have
  // been lost.
  private static final String TAKE =
      """
      WITH taken AS (
        UPDATE jobs.command SET sent = now()
        WHERE job_id = ANY(:ids) AND (sent IS NULL OR (command = 'Kill' AND sent < now() - interval '2 minutes'))
        RETURNING command_id, job_id, command, arguments)
      SELECT job_id, command, arguments FROM taken ORDER BY command_id
      """;

  private final JdbcClient jdbc;

  Commands(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Takes the commands for these jobs. */
  public List<JobCommand> take(Collection<Long> ids) {
    return jdbc.sql(TAKE)
        .param("ids", SqlArrays.ids(ids))
        .query(
            (row, n) ->
                new JobCommand(new JobId(row.getLong(1)), row.getString(2), row.getString(3)))
        .list();
  }

  /** Takes the commands for those of these attempts that live. */
  public List<JobCommand> takeFor(List<AttemptId> running) {
    if (running.isEmpty()) {
      return List.of();
    }
    List<Long> living =
        jdbc.sql(
                """
                SELECT job_id FROM jobs.lease
                JOIN unnest(:ids::bigint[], :attempts::int[]) AS r(job_id, attempt) USING (job_id, attempt)
                """)
            .param("ids", SqlArrays.numbers(running, run -> run.jobId().value()))
            .param("attempts", SqlArrays.texts(running, AttemptId::attempt))
            .query((row, n) -> row.getLong(1))
            .list();
    return living.isEmpty() ? List.of() : take(living);
  }

  /** Asks the wrapper of a job for its latest output, unless it was asked already. */
  public void peek(long jobId) {
    jdbc.sql(
            """
            INSERT INTO jobs.command (job_id, command, arguments)
            SELECT l.job_id, :command, '' FROM jobs.lease l
            WHERE l.job_id = :id AND NOT EXISTS (
              SELECT FROM jobs.command c WHERE c.job_id = l.job_id AND c.command = :command
                AND (c.sent IS NULL OR c.sent > now() - interval '10 seconds'))
            """)
        .param("id", jobId)
        .param("command", JobCommand.PEEK)
        .update();
  }
}
