package org.spinor.server.tasks;

import java.util.List;
import java.util.Objects;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The durable list as operators use it: look, try again, throw away. */
@Component
final class TaskDesk {
  private final JdbcClient jdbc;
  private final TaskSignals signals;

  TaskDesk(JdbcClient jdbc, TaskSignals signals) {
    this.jdbc = jdbc;
    this.signals = signals;
  }

  List<TaskView> list(String state, int limit) {
    return jdbc
        .sql(
            """
            SELECT id, type, payload, recurrent, state, run_at, lease_until, leased_by, tries, last_error, created
              FROM tasks.task WHERE state = :state ORDER BY id LIMIT :limit
            """)
        .param("state", state)
        .param("limit", limit)
        .query(TaskView.class)
        .list()
        .stream()
        .map(Objects::requireNonNull)
        .toList();
  }

  List<TaskView.Count> counts() {
    return jdbc
        .sql(
            """
            SELECT type, state, count(*) AS count, min(run_at) AS first_run_at
              FROM tasks.task GROUP BY type, state ORDER BY type, state
            """)
        .query(TaskView.Count.class)
        .list()
        .stream()
        .map(Objects::requireNonNull)
        .toList();
  }

  /** A dead letter starts over; one that waits for its next try need not wait. */
  void retry(long id) {
    int changed =
        jdbc.sql(
                """
                UPDATE tasks.task SET state = 'waiting', run_at = now(), tries = CASE state WHEN 'dead' THEN 0 ELSE tries END
                 WHERE id = :id AND state <> 'running'
                """)
            .param("id", id)
            .update();
    requireFound(id, changed);
    signals.moreWork();
  }

  void delete(long id) {
    requireFound(
        id,
        jdbc.sql("DELETE FROM tasks.task WHERE id = :id AND NOT recurrent AND state <> 'running'")
            .param("id", id)
            .update());
  }

  private void requireFound(long id, int changed) {
    if (changed == 1) {
      return;
    }
    boolean exists =
        jdbc.sql("SELECT count(*) FROM tasks.task WHERE id = :id")
                .param("id", id)
                .query(Integer.class)
                .single()
            > 0;
    throw exists
        ? new SpinorException(
            ErrorCode.CONFLICT, "task " + id + " is running or recurrent: it stays as it is")
        : new SpinorException(ErrorCode.NOT_FOUND, "no task " + id);
  }
}
