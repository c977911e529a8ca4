package org.spinor.server.pilots.life;

import java.util.Collection;
import java.util.List;
import org.spinor.api.PilotStatus;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.Jobs;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The end of pilots: whatever they still hold goes back into the line, in the same transaction. */
@Component
public final class Endings {
  private static final int LONGEST_REASON = 255;

  private final JdbcClient jdbc;
  private final Jobs jobs;
  private final Transactions transactions;

  Endings(JdbcClient jdbc, Jobs jobs, Transactions transactions) {
    this.jdbc = jdbc;
    this.jobs = jobs;
    this.transactions = transactions;
  }

  /**
   * Ends those of the pilots that have not ended.
   *
   * @param lost they are only silent, and may come back
   * @param cancel their computing element shall end them
   * @return the stamps of those that were ended
   */
  public List<String> end(
      Collection<String> stamps, PilotStatus status, String reason, boolean lost, boolean cancel) {
    if (stamps.isEmpty()) {
      return List.of();
    }
    return transactions.in(
        () -> {
          List<String> ended = mark(stamps, status, cut(reason), lost, cancel);
          ended.forEach(stamp -> jobs.releaseAttemptsOf(stamp, reason));
          return ended;
        });
  }

  private List<String> mark(
      Collection<String> stamps, PilotStatus status, String reason, boolean lost, boolean cancel) {
    return jdbc.sql(
            """
            WITH chosen AS (
              SELECT p.pilot_id, l.current_job_id
                FROM pilots.pilot p LEFT JOIN pilots.live l USING (pilot_id)
               WHERE p.stamp = ANY(:stamps) AND (p.status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted') OR p.lost)
               ORDER BY p.pilot_id
               FOR UPDATE OF p),
            gone AS (DELETE FROM pilots.live l USING chosen c WHERE l.pilot_id = c.pilot_id)
            UPDATE pilots.pilot p SET
              status = :status, status_reason = :reason, lost = :lost, last_update_time = now(),
              cancel = :cancel AND p.accepted AND p.provisioned,
              current_job_id = coalesce(c.current_job_id, p.current_job_id)
            FROM chosen c WHERE p.pilot_id = c.pilot_id
            RETURNING p.stamp
            """)
        .param("stamps", stamps.toArray(String[]::new))
        .param("status", status.name())
        .param("reason", reason)
        .param("lost", lost)
        .param("cancel", cancel)
        .query((row, number) -> row.getString(1))
        .list();
  }

  /** As much of a text as the column of DIRAC holds, without what PostgreSQL cannot keep. */
  public static String cut(String reason) {
    String clean = reason.replace("\0", "");
    return clean.length() <= LONGEST_REASON
        ? clean
        : clean.substring(0, LONGEST_REASON - 1) + "\u2026";
  }
}
