package org.spinor.server.pilots.administration;

import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.server.web.WireJson;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is known of a pilot besides its columns. */
@Repository
final class PilotDetails {
  private final JdbcClient jdbc;

  PilotDetails(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * {@code node} (map), {@code cores}, {@code last_seen} and {@code time_left_seconds} (null unless
   * it runs), {@code drain}, {@code drain_reason}, {@code log_bytes}, {@code first_seen}, {@code
   * test} (sent to test its queue).
   */
  Map<String, @Nullable Object> of(long pilotId) {
    return jdbc.sql(
            """
            SELECT p.node, p.cores, l.last_seen, l.time_left_seconds, p.drain, p.drain_reason, p.first_seen, p.test, coalesce(g.next_offset, 0) AS log_bytes
              FROM pilots.pilot p
              LEFT JOIN pilots.live l USING (pilot_id)
              LEFT JOIN pilots.log g USING (pilot_id)
             WHERE p.pilot_id = :id
            """)
        .param("id", pilotId)
        .query(
            (row, number) -> {
              Map<String, @Nullable Object> details = new LinkedHashMap<>();
              details.put("node", WireJson.mapper().readTree(row.getString("node")));
              details.put("cores", row.getInt("cores"));
              OffsetDateTime seen = row.getObject("last_seen", OffsetDateTime.class);
              details.put("last_seen", seen == null ? null : seen.toInstant());
              details.put("time_left_seconds", row.getObject("time_left_seconds"));
              details.put("drain", row.getBoolean("drain"));
              details.put("drain_reason", row.getString("drain_reason"));
              details.put("log_bytes", row.getLong("log_bytes"));
              OffsetDateTime first = row.getObject("first_seen", OffsetDateTime.class);
              details.put("first_seen", first == null ? null : first.toInstant());
              details.put("test", row.getBoolean("test"));
              return details;
            })
        .single();
  }
}
