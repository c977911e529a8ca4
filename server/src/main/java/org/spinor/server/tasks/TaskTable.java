package org.spinor.server.tasks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The durable list as the workers use it. All times are the database's: servers whose clocks differ
 * agree on who holds what. Each statement stands alone, without a transaction around it.
 */
final class TaskTable {
  /** A claim that is not renewed ends so long after it was made. */
  static final Duration LEASE = Duration.ofSeconds(60);

  private static final int LONGEST_ERROR = 4000;

  private final JdbcClient jdbc;
  private final String server;

  /**
   * @param server this server's name; no other server of the database has it at the same time
   */
  TaskTable(JdbcClient jdbc, String server) {
    this.jdbc = jdbc;
    this.server = server;
  }

  void add(String type, List<String> payloads, Duration delay) {
    jdbc.sql(
            """
            INSERT INTO tasks.task (type, payload, run_at)
            SELECT :type, payload, now() + :delay * interval '1 millisecond'
              FROM unnest(CAST(:payloads AS text[])) AS given (payload)
            """)
        .param("type", type)
        .param("payloads", payloads.toArray(String[]::new))
        .param("delay", delay.toMillis())
        .update();
  }

  /** One row for each recurrent type; where it is there already it keeps its time. */
  void register(Set<String> recurrentTypes) {
    jdbc.sql(
            """
            INSERT INTO tasks.task (type, payload, recurrent)
            SELECT type, '', true FROM unnest(CAST(:types AS text[])) AS given (type)
            ON CONFLICT (type) WHERE recurrent DO NOTHING
            """)
        .param("types", recurrentTypes.toArray(String[]::new))
        .update();
  }

  /** What this server held when it died is free at once: it is here again, so it did. */
  int releaseOwn() {
    return jdbc.sql(
            """
            UPDATE tasks.task SET state = 'waiting', run_at = now(), lease_until = NULL, leased_by = NULL
             WHERE state = 'running' AND leased_by = :server
            """)
        .param("server", server)
        .update();
  }

  /**
   * Claims due tasks and tasks whose lease ran out on another server (what this one still works on
   * it goes on with), of each type at most so many. Each type is looked up by itself, so that a
   * million tasks of one type never stand in the way of another.
   */
  List<Task> claim(Map<String, Integer> wanted) {
    return jdbc
        .sql(
            """
            WITH kind AS (
              SELECT * FROM unnest(CAST(:types AS text[]), CAST(:limits AS int[])) AS given (type, wanted)
            ), due AS (
              SELECT task.id
                FROM kind, LATERAL (
                  SELECT id FROM tasks.task
                   WHERE state = 'waiting' AND type = kind.type AND run_at <= now()
                   ORDER BY run_at LIMIT kind.wanted FOR UPDATE SKIP LOCKED) AS task
            ), lost AS (
              SELECT task.id
                FROM tasks.task JOIN kind USING (type)
               WHERE state = 'running' AND lease_until < now() AND leased_by <> :server
               ORDER BY lease_until LIMIT :some FOR UPDATE OF task SKIP LOCKED
            )
            UPDATE tasks.task
               SET state = 'running', lease_until = now() + :lease * interval '1 millisecond', leased_by = :server,
                   claim = claim + 1, tries = tries + 1
             WHERE id = ANY (ARRAY(SELECT id FROM due UNION ALL SELECT id FROM lost))
            RETURNING id, claim, type, payload, recurrent, tries
            """)
        .param("types", wanted.keySet().toArray(String[]::new))
        .param("limits", wanted.values().toArray(Integer[]::new))
        .param("some", wanted.size())
        .param("lease", LEASE.toMillis())
        .param("server", server)
        .query(Task.class)
        .list()
        .stream()
        .map(Objects::requireNonNull)
        .toList();
  }

  /** How long until the next task of these types is due; empty: none waits. */
  Optional<Duration> untilNext(Set<String> types) {
    return jdbc.sql(
            """
            SELECT CAST(1000 * extract(epoch FROM min(task.run_at) - now()) AS bigint)
              FROM unnest(CAST(:types AS text[])) AS kind (type), LATERAL (
                SELECT run_at FROM tasks.task WHERE state = 'waiting' AND type = kind.type
                 ORDER BY run_at LIMIT 1) AS task
            """)
        .param("types", types.toArray(String[]::new))
        .query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
        .single()
        .map(millis -> Duration.ofMillis(Math.max(0, millis + 1)));
  }

  /** Renews the leases; returns the ids of those that are still held. */
  Set<Long> renew(List<Task> running) {
    return jdbc
        .sql(
            """
            UPDATE tasks.task SET lease_until = now() + :lease * interval '1 millisecond'
              FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS bigint[])) AS held (id, claim)
             WHERE task.id = held.id AND task.claim = held.claim AND state = 'running'
            RETURNING task.id
            """)
        .param("lease", LEASE.toMillis())
        .param("ids", ids(running))
        .param("claims", claims(running))
        .query((row, n) -> row.getLong(1))
        .list()
        .stream()
        .collect(Collectors.toSet());
  }

  /** Receipts of one-off work: gone. Returns the ids of those that were still held. */
  Set<Long> finish(List<Task> done) {
    return jdbc
        .sql(
            """
            DELETE FROM tasks.task
             USING unnest(CAST(:ids AS bigint[]), CAST(:claims AS bigint[])) AS held (id, claim)
             WHERE task.id = held.id AND task.claim = held.claim AND state = 'running'
            RETURNING task.id
            """)
        .param("ids", ids(done))
        .param("claims", claims(done))
        .query((row, n) -> row.getLong(1))
        .list()
        .stream()
        .collect(Collectors.toSet());
  }

  /** A run of recurrent work succeeded: due again after its period, at once where it was woken. */
  boolean finishRun(Task task, Duration every) {
    return jdbc.sql(
                """
            UPDATE tasks.task
               SET state = 'waiting', lease_until = NULL, leased_by = NULL, tries = 0, last_error = NULL, again = false,
                   run_at = CASE WHEN again THEN now() ELSE now() + :every * interval '1 millisecond' END
             WHERE id = :id AND claim = :claim AND state = 'running'
            """)
            .param("every", every.toMillis())
            .param("id", task.id())
            .param("claim", task.claim())
            .update()
        == 1;
  }

  /**
   * The work failed.
   *
   * @param pause until the next try; empty: no more tries
   */
  boolean fail(Task task, String error, Optional<Duration> pause) {
    return jdbc.sql(
                """
            UPDATE tasks.task
               SET state = :state, lease_until = NULL, leased_by = NULL, last_error = :error, again = false,
                   run_at = now() + :pause * interval '1 millisecond'
             WHERE id = :id AND claim = :claim AND state = 'running'
            """)
            .param("state", pause.isPresent() ? "waiting" : "dead")
            .param("error", clean(error))
            .param("pause", pause.orElse(Duration.ZERO).toMillis())
            .param("id", task.id())
            .param("claim", task.claim())
            .update()
        == 1;
  }

  /** Not failed, only not finished: the server stops. */
  void giveBack(List<Task> unfinished) {
    jdbc.sql(
            """
            UPDATE tasks.task
               SET state = 'waiting', lease_until = NULL, leased_by = NULL, tries = tries - 1, run_at = now()
              FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS bigint[])) AS held (id, claim)
             WHERE task.id = held.id AND task.claim = held.claim AND state = 'running'
            """)
        .param("ids", ids(unfinished))
        .param("claims", claims(unfinished))
        .update();
  }

  /** Makes recurrent tasks of these types due, or run once more where they are running. */
  void wake(Set<String> types) {
    jdbc.sql(
            """
            UPDATE tasks.task
               SET run_at = CASE WHEN state = 'waiting' THEN now() ELSE run_at END, again = (state = 'running')
             WHERE recurrent AND type = ANY (:types)
               AND (state = 'running' AND NOT again OR state = 'waiting' AND run_at > now())
            """)
        .param("types", types.toArray(String[]::new))
        .update();
  }

  private static Long[] ids(List<Task> tasks) {
    return tasks.stream().map(Task::id).toArray(Long[]::new);
  }

  private static Long[] claims(List<Task> tasks) {
    return tasks.stream().map(Task::claim).toArray(Long[]::new);
  }

  /** PostgreSQL keeps no NUL in text. */
  private static String clean(String error) {
    String text = error.replace('\0', ' ');
    return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
  }
}
