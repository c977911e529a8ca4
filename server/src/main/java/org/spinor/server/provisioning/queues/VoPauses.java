package org.spinor.server.provisioning.queues;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.spinor.server.pilots.Pilots;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * VOs that have no credential for a queue, and until when nobody tries again. It is no fault of the
 * queue: the pilots of other VOs go on.
 */
public final class VoPauses {
  /** Whoever has mended it need not wait longer. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final JdbcClient jdbc;

  /** A VO that waits at a queue. */
  public record Pause(Pilots.Queue queue, String vo) {}

  VoPauses(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Those that have not ended. */
  public Set<Pause> now() {
    return new HashSet<>(
        jdbc.sql("SELECT site, ce, name, vo FROM provisioning.vo_pause WHERE retry_at > now()")
            .query(
                (row, number) ->
                    new Pause(
                        new Pilots.Queue(
                            row.getString("site"), row.getString("ce"), row.getString("name")),
                        row.getString("vo")))
            .list());
  }

  /**
   * @param first pause, doubled each time
   */
  void begin(Pilots.Queue queue, String vo, Duration first) {
    at(
            """
            INSERT INTO provisioning.vo_pause AS p (site, ce, name, vo, retry_at)
            VALUES (:site, :ce, :name, :vo, now() + make_interval(secs => least(:longest, :first)))
            ON CONFLICT (site, ce, name, vo) DO UPDATE SET
              failures = p.failures + 1,
              retry_at = now() + make_interval(secs => least(:longest, :first * power(2, least(20, p.failures))))
            """,
            queue,
            vo)
        .param("first", first.toSeconds())
        .param("longest", LONGEST.toSeconds())
        .update();
  }

  /** It has a credential again. */
  void end(Pilots.Queue queue, String vo) {
    at(
            "DELETE FROM provisioning.vo_pause WHERE site = :site AND ce = :ce AND name = :name AND vo = :vo",
            queue,
            vo)
        .update();
  }

  /** Another configuration is worth a try at once. */
  void endAll() {
    jdbc.sql("DELETE FROM provisioning.vo_pause").update();
  }

  private JdbcClient.StatementSpec at(String sql, Pilots.Queue queue, String vo) {
    return jdbc.sql(sql)
        .param("site", queue.site())
        .param("ce", queue.ce())
        .param("name", queue.name())
        .param("vo", vo);
  }
}
