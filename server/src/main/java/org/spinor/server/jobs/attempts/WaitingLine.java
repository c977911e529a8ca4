package org.spinor.server.jobs.attempts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.spinor.server.jobs.WaitingJobs;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the waiting line: the partial index {@code job_waiting}. */
@Component
final class WaitingLine implements WaitingJobs {
  private final JdbcClient jdbc;

  WaitingLine(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void counts(Consumer<Count> each) {
    jdbc.sql(
            """
            SELECT class_number, count(*) AS jobs, sum(user_priority) AS priority_sum
            FROM jobs.job WHERE status = 'Waiting' GROUP BY class_number
            """)
        .query(
            row -> {
              each.accept(
                  new Count(
                      row.getInt("class_number"),
                      row.getLong("jobs"),
                      row.getLong("priority_sum")));
            });
  }

  @Override
  public List<Place> next(int classNumber, Optional<Place> after, int limit) {
    if (after.isEmpty()) {
      return jdbc.sql(
              """
              SELECT user_priority AS priority, job_id FROM jobs.job
              WHERE status = 'Waiting' AND class_number = :class
              ORDER BY user_priority DESC, job_id LIMIT :limit
              """)
          .param("class", classNumber)
          .param("limit", limit)
          .query(WaitingLine::place)
          .list();
    }
    // Two ranges of the index, because one goes down and the other up.
    return jdbc.sql(
            """
            (SELECT user_priority AS priority, job_id FROM jobs.job
             WHERE status = 'Waiting' AND class_number = :class AND user_priority = :priority AND job_id > :job
             ORDER BY job_id LIMIT :limit)
            UNION ALL
            (SELECT user_priority, job_id FROM jobs.job
             WHERE status = 'Waiting' AND class_number = :class AND user_priority < :priority
             ORDER BY user_priority DESC, job_id LIMIT :limit)
            ORDER BY priority DESC, job_id LIMIT :limit
            """)
        .param("class", classNumber)
        .param("priority", after.get().priority())
        .param("job", after.get().jobId())
        .param("limit", limit)
        .query(WaitingLine::place)
        .list();
  }

  private static Place place(ResultSet row, int number) throws SQLException {
    return new Place(row.getInt("priority"), row.getLong("job_id"));
  }

  @Override
  public long ahead(int classNumber, Place place) {
    return jdbc.sql(
            """
            SELECT count(*) FROM jobs.job
            WHERE status = 'Waiting' AND class_number = :class
              AND (user_priority > :priority OR (user_priority = :priority AND job_id < :job))
            """)
        .param("class", classNumber)
        .param("priority", place.priority())
        .param("job", place.jobId())
        .query(Long.class)
        .single();
  }
}
