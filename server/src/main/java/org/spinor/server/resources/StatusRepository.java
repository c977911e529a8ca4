package org.spinor.server.resources;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of statuses and its history. */
@Repository
final class StatusRepository {
  private final JdbcClient jdbc;

  StatusRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<ElementStatus> all() {
    return jdbc.sql(
            """
            SELECT element_type, name, status_type, vo, status, reason, changed_by, date_effective
              FROM resources.status
            """)
        .query((row, number) -> element(row))
        .list();
  }

  /** Sets a status, and writes it down for ever. */
  ElementStatus set(
      String elementType, String name, String status, String reason, String changedBy) {
    return jdbc.sql(
            """
            WITH changed AS (
              INSERT INTO resources.status (element_type, name, status, reason, changed_by)
              VALUES (:type, :name, :status, :reason, :by)
              ON CONFLICT (element_type, name, status_type, vo) DO UPDATE
                SET status = EXCLUDED.status, reason = EXCLUDED.reason, changed_by = EXCLUDED.changed_by, date_effective = now()
              RETURNING *),
            kept AS (
              INSERT INTO resources.status_history
                (element_type, name, status_type, vo, status, reason, changed_by, date_effective)
              SELECT element_type, name, status_type, vo, status, reason, changed_by, date_effective FROM changed)
            SELECT * FROM changed
            """)
        .param("type", elementType)
        .param("name", name)
        .param("status", status)
        .param("reason", reason)
        .param("by", changedBy)
        .query((row, number) -> element(row))
        .single();
  }

  private static ElementStatus element(ResultSet row) throws SQLException {
    return new ElementStatus(
        row.getString("element_type"),
        row.getString("name"),
        row.getString("status_type"),
        row.getString("vo"),
        row.getString("status"),
        row.getString("reason"),
        row.getString("changed_by"),
        row.getObject("date_effective", OffsetDateTime.class).toInstant());
  }
}
