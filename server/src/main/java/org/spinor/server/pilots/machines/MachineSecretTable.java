package org.spinor.server.pilots.machines;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineSecretInfo;
import org.spinor.server.pilots.Pilots;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of secrets that let machines in. */
@Repository
final class MachineSecretTable {
  private static final int MOST = 1000;

  private static final String VIEW =
      """
      SELECT s.*, CASE WHEN s.revoked IS NOT NULL THEN 'revoked' WHEN s.expires <= now() THEN 'expired' ELSE 'valid' END AS state,
             (SELECT count(*) FROM pilots.machine m WHERE m.secret_id = s.secret_id AND m.state = 'joined' AND m.place_until > now())
               AS machines
        FROM pilots.machine_secret s
      """;

  /** A secret that is good. */
  record Valid(long id, MachineQueues.Target target) {}

  private final JdbcClient jdbc;

  MachineSecretTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param most machines at the same time; null: as many as the queue takes
   */
  long create(
      byte[] hash,
      MachineQueues.Target target,
      Duration life,
      @Nullable Integer most,
      String note,
      String by) {
    return jdbc.sql(
            """
            INSERT INTO pilots.machine_secret (secret_hash, vo, site, ce, queue, max_machines, note, created_by, expires)
            VALUES (:hash, :vo, :site, :ce, :queue, :most, :note, :by, now() + make_interval(secs => :life))
            RETURNING secret_id
            """)
        .param("hash", hash)
        .param("vo", target.vo())
        .param("site", target.place().site())
        .param("ce", target.place().ce())
        .param("queue", target.place().name())
        .param("most", most)
        .param("note", note)
        .param("by", by)
        .param("life", life.toSeconds())
        .query(Long.class)
        .single();
  }

  /** The secret with this hash, unless it has ended. */
  Optional<Valid> valid(byte[] hash) {
    return jdbc.sql(
            """
            SELECT secret_id, vo, site, ce, queue FROM pilots.machine_secret
             WHERE secret_hash = :hash AND revoked IS NULL AND expires > now()
            """)
        .param("hash", hash)
        .query(
            (row, number) ->
                new Valid(
                    row.getLong("secret_id"),
                    new MachineQueues.Target(
                        new Pilots.Queue(
                            row.getString("site"), row.getString("ce"), row.getString("queue")),
                        row.getString("vo"))))
        .optional();
  }

  /** How many machines may be there with it at the same time; empty: as many as the queue takes. */
  Optional<Integer> most(long id) {
    return jdbc.sql(
            "SELECT max_machines FROM pilots.machine_secret WHERE secret_id = :id AND max_machines IS NOT NULL")
        .param("id", id)
        .query(Integer.class)
        .optional();
  }

  /**
   * Nobody joins with it any more.
   *
   * @param vo only where it is of this VO; null: of any
   * @return false: there is no such secret
   */
  boolean revoke(long id, @Nullable String vo) {
    return jdbc.sql(
                """
                UPDATE pilots.machine_secret SET revoked = coalesce(revoked, now())
                 WHERE secret_id = :id AND (:vo::text IS NULL OR vo = :vo)
                """)
            .param("id", id)
            .param("vo", vo)
            .update()
        > 0;
  }

  Optional<MachineSecretInfo> view(long id) {
    return jdbc.sql(VIEW + " WHERE s.secret_id = :id")
        .param("id", id)
        .query(MachineSecretTable::info)
        .optional();
  }

  /**
   * The newest first.
   *
   * @param vo only those of this VO; null: all
   */
  List<MachineSecretInfo> list(@Nullable String vo) {
    return jdbc.sql(
            VIEW + " WHERE :vo::text IS NULL OR s.vo = :vo ORDER BY s.secret_id DESC LIMIT " + MOST)
        .param("vo", vo)
        .query(MachineSecretTable::info)
        .list();
  }

  private static MachineSecretInfo info(ResultSet row, int number) throws SQLException {
    int most = row.getInt("max_machines");
    @Nullable Integer limit = row.wasNull() ? null : most;
    return new MachineSecretInfo(
        row.getLong("secret_id"),
        row.getString("state"),
        row.getString("vo"),
        row.getString("site"),
        row.getString("ce"),
        row.getString("queue"),
        limit,
        row.getInt("machines"),
        row.getString("note"),
        row.getString("created_by"),
        row.getObject("created", OffsetDateTime.class).toInstant(),
        row.getObject("expires", OffsetDateTime.class).toInstant(),
        null);
  }

  /** Those that ended so long ago, and that no machine remembers. */
  int forget(Duration age) {
    return jdbc.sql(
            """
            DELETE FROM pilots.machine_secret s
             WHERE least(s.expires, s.revoked) < now() - make_interval(secs => :age)
               AND NOT EXISTS (SELECT FROM pilots.machine m WHERE m.secret_id = s.secret_id)
            """)
        .param("age", age.toSeconds())
        .update();
  }
}
