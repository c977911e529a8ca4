package org.spinor.server.jobs.submission;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Numbers for new jobs. The sequence counts in blocks, so that a small submission needs no question
 * to the database; what is left of a block when the server stops is a gap.
 */
@Component
public final class JobIds {
  /** As the sequence's increment. */
  public static final int BLOCK = 1000;

  private final JdbcClient jdbc;
  private long next;
  private long end;

  JobIds(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Takes numbers, ascending. To be called outside of a transaction: a number is taken for good,
   * whatever becomes of the submission.
   */
  synchronized List<Long> take(int count) {
    List<Long> ids = new ArrayList<>(count);
    while (ids.size() < count && next < end) {
      ids.add(next++);
    }
    int missing = count - ids.size();
    if (missing > 0) {
      for (long start : blocks((missing + BLOCK - 1) / BLOCK)) {
        next = start;
        end = start + BLOCK;
        while (ids.size() < count && next < end) {
          ids.add(next++);
        }
      }
    }
    return ids;
  }

  private List<Long> blocks(int count) {
    return jdbc.sql("SELECT nextval('jobs.job_id') FROM generate_series(1, :count) ORDER BY 1")
        .param("count", count)
        .query((row, n) -> row.getLong(1))
        .list();
  }
}
