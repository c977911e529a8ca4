package org.spinor.server.pilots.machines;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineInfo;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Machines as operators see them. */
@Component
final class MachineBoard {
  private static final int MOST = 2000;

  private static final String VIEW =
      """
      SELECT * FROM (
        SELECT m.*,
               CASE WHEN m.state <> 'joined' THEN m.state
                    WHEN m.drain THEN CASE WHEN p.stamp IS NULL THEN 'drained' ELSE 'draining' END
                    WHEN m.last_seen < now() - make_interval(secs => :lease) OR m.waits_for = 'it was stopped' THEN 'silent'
                    WHEN p.stamp IS NOT NULL THEN 'running'
                    WHEN m.place_until > now() THEN 'idle'
                    ELSE 'waiting' END AS shown,
               CASE WHEN m.state <> 'joined' OR m.drain THEN m.reason
                    WHEN m.last_seen < now() - make_interval(secs => :lease) AND m.waits_for = '' THEN 'it has not spoken since then'
                    ELSE m.waits_for END AS why
          FROM pilots.machine m
          LEFT JOIN LATERAL (
            SELECT stamp FROM pilots.pilot p
             WHERE p.machine_id = m.machine_id AND p.status IN ('Submitted', 'Waiting', 'Running', 'Unknown') LIMIT 1) p ON true
         WHERE m.state <> 'asking' OR m.code_until > now()) AS v
      """;

  private final JdbcClient jdbc;
  private final MachineProperties properties;

  MachineBoard(JdbcClient jdbc, MachineProperties properties) {
    this.jdbc = jdbc;
    this.properties = properties;
  }

  Optional<MachineInfo> one(long id) {
    return jdbc.sql(VIEW + " WHERE machine_id = :id")
        .param("lease", properties.lease().toSeconds())
        .param("id", id)
        .query(MachineBoard::info)
        .optional();
  }

  /**
   * Those that ask first, then the newest.
   *
   * @param vo only machines of this VO, and those that ask; null: all
   * @param site at or for this site; null: at any
   * @param state as {@link MachineInfo} has it; null: in any
   */
  List<MachineInfo> list(@Nullable String vo, @Nullable String site, @Nullable String state) {
    return jdbc.sql(
            VIEW
                + """
                   WHERE (:vo::text IS NULL OR vo = :vo OR state = 'asking')
                     AND (:site::text IS NULL OR site = :site)
                     AND (:state::text IS NULL OR shown = :state)
                   ORDER BY state <> 'asking', machine_id DESC LIMIT
                  """
                + MOST)
        .param("lease", properties.lease().toSeconds())
        .param("vo", vo)
        .param("site", site)
        .param("state", state)
        .query(MachineBoard::info)
        .list();
  }

  private static MachineInfo info(ResultSet row, int number) throws SQLException {
    return new MachineInfo(
        row.getLong("machine_id"),
        row.getString("shown"),
        row.getString("why"),
        row.getString("name"),
        row.getString("host"),
        row.getString("address"),
        row.getString("code"),
        time(row, "code_until"),
        row.getString("site"),
        row.getString("ce"),
        row.getString("queue"),
        row.getString("vo"),
        row.getString("let_in_by"),
        time(row, "joined"),
        row.getObject("last_seen", OffsetDateTime.class).toInstant(),
        row.getString("stamp"));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
