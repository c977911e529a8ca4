package org.spinor.server.jobs.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Conditions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.rows.ReachCheck;
import org.spinor.server.jobs.search.JobSearch;
import org.spinor.server.jobs.submission.JobIds;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Walks over the jobs of an operation in bites that one transaction can hold. */
@Component
final class JobSets {
  static final int BITE = 5_000;

  private final JdbcClient jdbc;
  private final ReachCheck reach;
  private final JobSearch search;

  JobSets(JdbcClient jdbc, ReachCheck reach, JobSearch search) {
    this.jdbc = jdbc;
    this.reach = reach;
    this.search = search;
  }

  /**
   * Calls the action with the numbers of jobs, ascending, until all had their turn.
   *
   * @throws SpinorException FORBIDDEN before anything was done: not all that were named may be
   *     touched
   */
  void each(Caller caller, JobSelection selection, Consumer<List<Long>> action) {
    selection.requireOne();
    if (selection.search().isEmpty()) {
      List<Long> ids = selection.jobIds().stream().distinct().sorted().toList();
      reach.requireKnown(caller, ids);
      for (int from = 0; from < ids.size(); from += BITE) {
        action.accept(ids.subList(from, Math.min(ids.size(), from + BITE)));
      }
      return;
    }
    each(search.changeable(caller, selection.search()), action);
  }

  /** The same for conditions of the server's own. */
  void each(Conditions conditions, Consumer<List<Long>> action) {
    // Jobs that are submitted while this runs are not meant, but for the rest of a block of
    // numbers.
    long end =
        jdbc.sql("SELECT last_value FROM jobs.job_id").query((row, n) -> row.getLong(1)).single()
            + JobIds.BLOCK;
    String where = conditions.where().isEmpty() ? "WHERE" : conditions.where() + " AND";
    String sql =
        "SELECT job_id FROM jobs.job "
            + where
            + " job_id > :after AND job_id <= :end ORDER BY job_id LIMIT "
            + BITE;
    Map<String, Object> values = conditions.values();
    long after = 0;
    while (true) {
      List<Long> ids =
          jdbc.sql(sql)
              .params(values)
              .param("after", after)
              .param("end", end)
              .query((row, n) -> row.getLong(1))
              .list();
      if (ids.isEmpty()) {
        return;
      }
      action.accept(ids);
      after = ids.getLast();
    }
  }
}
