package org.spinor.server.provisioning.queues;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.spinor.server.pilots.Pilots;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of queues: circuit breakers and who works on which. */
public final class QueueStates {
  private final JdbcClient jdbc;
  private final VoPauses pauses;
  private final String server;
  private final Duration lease;

  /**
   * @param server name of this one, the same after a restart
   * @param lease how long a queue is held without a renewal
   */
  QueueStates(JdbcClient jdbc, String server, Duration lease) {
    this.jdbc = jdbc;
    this.pauses = new VoPauses(jdbc);
    this.server = server;
    this.lease = lease;
  }

  /** Which VOs wait for a credential at which queue. */
  public VoPauses pauses() {
    return pauses;
  }

  public Map<Pilots.Queue, QueueState> all() {
    Map<Pilots.Queue, QueueState> states = new HashMap<>();
    jdbc.sql(
            """
            SELECT site, ce, name, breaker, failures, deaths, retry_at, retry_at IS NULL OR retry_at <= now() AS due, last_error, last_error_at, fingerprint
              FROM provisioning.queue
            """)
        .query(
            row -> {
              QueueState state = state(row);
              states.put(state.queue(), state);
            });
    return states;
  }

  private static QueueState state(ResultSet row) throws SQLException {
    OffsetDateTime retryAt = row.getObject("retry_at", OffsetDateTime.class);
    OffsetDateTime errorAt = row.getObject("last_error_at", OffsetDateTime.class);
    return new QueueState(
        new Pilots.Queue(row.getString("site"), row.getString("ce"), row.getString("name")),
        QueueState.Breaker.of(row.getString("breaker")),
        row.getInt("failures"),
        row.getInt("deaths"),
        row.getBoolean("due"),
        Optional.ofNullable(retryAt).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getString("last_error")),
        Optional.ofNullable(errorAt).map(OffsetDateTime::toInstant),
        row.getString("fingerprint"));
  }

  /** Gives back what this server held before it was restarted. */
  public void releaseOwn() {
    jdbc.sql(
            "UPDATE provisioning.queue SET worker = NULL, worker_until = NULL WHERE worker = :server")
        .param("server", server)
        .update();
  }

  /** Makes sure that the queue is known; another configuration makes it as new. */
  public void know(Pilots.Queue queue, String fingerprint) {
    at(
            """
            INSERT INTO provisioning.queue (site, ce, name, fingerprint) VALUES (:site, :ce, :name, :fingerprint)
            ON CONFLICT (site, ce, name) DO UPDATE SET
              fingerprint = EXCLUDED.fingerprint, breaker = 'closed', failures = 0, deaths = 0, retry_at = NULL, last_error = NULL
            WHERE provisioning.queue.fingerprint <> EXCLUDED.fingerprint
            """,
            queue)
        .param("fingerprint", fingerprint)
        .update();
  }

  /** Takes a queue for this server; false: another one has it. */
  boolean take(Pilots.Queue queue) {
    return at(
                """
                UPDATE provisioning.queue SET worker = :server, worker_until = now() + make_interval(secs => :lease)
                 WHERE site = :site AND ce = :ce AND name = :name
                   AND (worker IS NULL OR worker = :server OR worker_until < now())
                """,
                queue)
            .param("server", server)
            .param("lease", lease.toSeconds())
            .update()
        == 1;
  }

  /** Holds on to whatever queues this server has. */
  void renew() {
    jdbc.sql(
            "UPDATE provisioning.queue SET worker_until = now() + make_interval(secs => :lease) WHERE worker = :server")
        .param("server", server)
        .param("lease", lease.toSeconds())
        .update();
  }

  void release(Pilots.Queue queue) {
    at(
            """
            UPDATE provisioning.queue SET worker = NULL, worker_until = NULL
             WHERE site = :site AND ce = :ce AND name = :name AND worker = :server
            """,
            queue)
        .param("server", server)
        .update();
  }

  /** A queue whose pause is over is tried with one pilot. */
  void probe(Pilots.Queue queue) {
    at(
            """
            UPDATE provisioning.queue SET breaker = 'half-open'
             WHERE site = :site AND ce = :ce AND name = :name AND breaker = 'open' AND retry_at <= now()
            """,
            queue)
        .update();
  }

  /** A call went well: unless its pilots die, the queue works. */
  void worked(Pilots.Queue queue) {
    at(
            """
            UPDATE provisioning.queue SET breaker = 'closed', failures = 0, retry_at = NULL
             WHERE site = :site AND ce = :ce AND name = :name AND deaths = 0 AND (breaker <> 'closed' OR failures > 0)
            """,
            queue)
        .update();
  }

  /** A test pilot went all the way: the queue works, whatever was before. */
  public void proved(Pilots.Queue queue) {
    at(
            """
            UPDATE provisioning.queue SET breaker = 'closed', failures = 0, deaths = 0, retry_at = NULL
             WHERE site = :site AND ce = :ce AND name = :name AND (breaker <> 'closed' OR failures > 0 OR deaths > 0)
            """,
            queue)
        .update();
  }

  /** A pilot of the queue spoke: it works, whatever was before. */
  public void spoke(Pilots.Queue queue) {
    at(
            """
            UPDATE provisioning.queue SET breaker = 'closed', failures = 0, deaths = 0, retry_at = NULL
             WHERE site = :site AND ce = :ce AND name = :name AND deaths > 0
            """,
            queue)
        .update();
  }

  /** What an operator should know; the queue works all the same. */
  void noted(Pilots.Queue queue, String error) {
    at(
            """
            UPDATE provisioning.queue SET last_error = :error, last_error_at = now()
             WHERE site = :site AND ce = :ce AND name = :name
            """,
            queue)
        .param("error", shorten(error))
        .update();
  }

  /**
   * A call failed.
   *
   * @param patience failures in a row that are borne before the queue is left alone
   */
  void failed(Pilots.Queue queue, int patience, String error, Duration first, Duration longest) {
    at(
            """
            UPDATE provisioning.queue SET
              failures = failures + 1, last_error = :error, last_error_at = now(),
              breaker = CASE WHEN breaker <> 'closed' OR failures + 1 >= :patience THEN 'open' ELSE breaker END,
              retry_at = CASE WHEN breaker <> 'closed' OR failures + 1 >= :patience
                THEN now() + make_interval(secs => least(:longest, :first * power(2, least(20, greatest(0, failures + 1 - :patience))))) END
             WHERE site = :site AND ce = :ce AND name = :name
            """,
            queue)
        .param("patience", patience)
        .param("error", shorten(error))
        .param("first", first.toSeconds())
        .param("longest", longest.toSeconds())
        .update();
  }

  /** Pilots ended without a word; too many in a row count as a failure of the queue. */
  void died(
      Pilots.Queue queue, int deaths, int most, String error, Duration first, Duration longest) {
    at(
            """
            UPDATE provisioning.queue SET
              deaths = deaths + :deaths, last_error = :error, last_error_at = now(),
              failures = failures + CASE WHEN breaker <> 'closed' OR deaths + :deaths >= :most THEN 1 ELSE 0 END,
              breaker = CASE WHEN breaker <> 'closed' OR deaths + :deaths >= :most THEN 'open' ELSE breaker END,
              retry_at = CASE WHEN breaker <> 'closed' OR deaths + :deaths >= :most
                THEN now() + make_interval(secs => least(:longest, :first * power(2, least(20, failures)))) END
             WHERE site = :site AND ce = :ce AND name = :name
            """,
            queue)
        .param("deaths", deaths)
        .param("most", most)
        .param("error", shorten(error))
        .param("first", first.toSeconds())
        .param("longest", longest.toSeconds())
        .update();
  }

  private JdbcClient.StatementSpec at(String sql, Pilots.Queue queue) {
    return jdbc.sql(sql)
        .param("site", queue.site())
        .param("ce", queue.ce())
        .param("name", queue.name());
  }

  private static String shorten(String error) {
    String clean = error.replace("\0", "");
    return clean.length() <= 1000 ? clean : clean.substring(0, 1000);
  }
}
