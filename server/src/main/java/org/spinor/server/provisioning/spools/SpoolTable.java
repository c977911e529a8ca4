package org.spinor.server.provisioning.spools;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.edge.SpoolRelay;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of spools, and who looks at which. Leases are by the database's clock. */
final class SpoolTable {
  private static final int LONGEST_WHY = 1000;

  private final JdbcClient jdbc;
  private final String server;
  private final Duration lease;

  /**
   * @param server name of this one, the same after a restart
   * @param lease how long a spool is held without a renewal
   */
  SpoolTable(JdbcClient jdbc, String server, Duration lease) {
    this.jdbc = jdbc;
    this.server = server;
    this.lease = lease;
  }

  /** All of them, by their places. */
  Map<String, SpoolRow> all() {
    Map<String, SpoolRow> rows = new HashMap<>();
    jdbc.sql(
            """
            SELECT place, coalesce(worker, '') AS worker, coalesce(worker_until > now(), false) AS served, state, since, why
              FROM provisioning.spool
            """)
        .query(
            row -> {
              SpoolRow spool = row(row);
              rows.put(spool.place(), spool);
            });
    return rows;
  }

  /**
   * Those through which every pilot behind them had time to call: a server answers what is there,
   * has said so lately, and has done it for so long already.
   */
  Set<String> heard(Duration enough) {
    return Set.copyOf(
        jdbc.sql(
                """
                SELECT place FROM provisioning.spool
                 WHERE state = 'up' AND since < now() - make_interval(secs => :enough)
                   AND worker_until > now() + make_interval(secs => :lately)
                """)
            .param("enough", enough.toSeconds())
            .param("lately", lease.dividedBy(2).toSeconds())
            .query(String.class)
            .list());
  }

  private static SpoolRow row(ResultSet row) throws SQLException {
    return new SpoolRow(
        row.getString("place"),
        row.getString("worker"),
        row.getBoolean("served"),
        SpoolRow.State.of(row.getString("state")),
        row.getObject("since", OffsetDateTime.class).toInstant(),
        row.getString("why"));
  }

  /** Makes sure that these are known, and forgets all others. */
  void know(Collection<String> places) {
    Set<String> known = all().keySet();
    List<String> fresh = places.stream().filter(place -> !known.contains(place)).toList();
    for (String place : fresh) {
      byte[] key = new byte[SpoolRelay.KEY_BYTES];
      new SecureRandom().nextBytes(key);
      jdbc.sql(
              "INSERT INTO provisioning.spool (place, key) VALUES (:place, :key) ON CONFLICT (place) DO NOTHING")
          .param("place", place)
          .param("key", key)
          .update();
    }
    if (!places.containsAll(known)) {
      jdbc.sql("DELETE FROM provisioning.spool WHERE place <> ALL (:places)")
          .param("places", places.toArray(String[]::new))
          .update();
    }
  }

  /** Gives back what this server held before it was restarted. */
  void releaseOwn() {
    jdbc.sql("UPDATE provisioning.spool SET worker_until = NULL WHERE worker = :server")
        .param("server", server)
        .update();
  }

  /**
   * Takes a spool for this server.
   *
   * @return its key; empty: another server has it, or nobody wants it
   */
  Optional<byte[]> take(String place) {
    return jdbc.sql(
            """
            UPDATE provisioning.spool SET
              worker = :server, worker_until = now() + make_interval(secs => :lease), state = 'beginning', since = now(), why = ''
             WHERE place = :place AND (worker_until IS NULL OR worker_until < now())
            RETURNING key
            """)
        .param("server", server)
        .param("lease", lease.toSeconds())
        .param("place", place)
        .query(byte[].class)
        .optional();
  }

  /**
   * Holds on to it, and says how it fares.
   *
   * @return false: it is this server's no more
   */
  boolean renew(String place, SpoolRow.State state, Instant since, String why) {
    String clean = why.replace("\0", "");
    return jdbc.sql(
                """
                UPDATE provisioning.spool SET
                  worker_until = now() + make_interval(secs => :lease), state = :state, since = :since, why = :why
                 WHERE place = :place AND worker = :server AND worker_until IS NOT NULL
                """)
            .param("server", server)
            .param("lease", lease.toSeconds())
            .param("place", place)
            .param("state", state.wire())
            .param("since", since.atOffset(ZoneOffset.UTC))
            .param("why", clean.length() <= LONGEST_WHY ? clean : clean.substring(0, LONGEST_WHY))
            .update()
        == 1;
  }

  void release(String place) {
    jdbc.sql(
            "UPDATE provisioning.spool SET worker_until = NULL WHERE place = :place AND worker = :server")
        .param("place", place)
        .param("server", server)
        .update();
  }
}
