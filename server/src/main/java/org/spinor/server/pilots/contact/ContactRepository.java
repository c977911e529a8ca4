package org.spinor.server.pilots.contact;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spinor.api.PilotStatus;
import org.spinor.server.web.WireJson;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Signs of life, many at a time. */
@Repository
final class ContactRepository {
  private static final String STANDING =
      """
      SELECT p.pilot_id, p.stamp, p.vo, p.grid_site, p.destination_site, p.queue, p.status, p.status_reason,
             p.provisioned OR p.machine_id IS NOT NULL AS provisioned, p.lost, p.drain, p.drain_reason, p.host, l.pilot_id IS NOT NULL AS live
        FROM pilots.pilot p LEFT JOIN pilots.live l USING (pilot_id)
       WHERE p.stamp = ANY(:stamps)
      """;

  private final JdbcClient jdbc;

  ContactRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The pilots of these stamps; those that do not exist are missing. */
  Map<String, Standing> standings(Collection<String> stamps) {
    return standings(jdbc.sql(STANDING).param("stamps", stamps.toArray(String[]::new)));
  }

  /**
   * Writes down that these pilots spoke, in one statement. A pilot that speaks runs, whatever was
   * thought of it; only those that have ended stay so.
   *
   * @param contacts at most one for each stamp
   * @return how the pilots stood before
   */
  Map<String, Standing> heard(Collection<Contact> contacts) {
    List<Contact> all = List.copyOf(contacts);
    return standings(
        jdbc.sql(
                """
                WITH said AS (
                  SELECT s.*, p.pilot_id, p.status
                    FROM unnest(:stamps::text[], :nodes::text[], :left::bigint[], :running::int[], :jobs::bigint[])
                         AS s (stamp, node, time_left, running, job_id)
                    JOIN pilots.pilot p USING (stamp)
                   WHERE p.status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted') OR p.lost
                   ORDER BY p.pilot_id),
                seen AS (
                  INSERT INTO pilots.live AS l (pilot_id, last_seen, time_left_seconds, running, current_job_id)
                  SELECT pilot_id, now(), time_left, running, job_id FROM said
                  ON CONFLICT (pilot_id) DO UPDATE SET
                    last_seen = now(),
                    time_left_seconds = coalesce(EXCLUDED.time_left_seconds, l.time_left_seconds),
                    running = coalesce(EXCLUDED.running, l.running),
                    current_job_id = coalesce(EXCLUDED.current_job_id, l.current_job_id)),
                described AS (
                  UPDATE pilots.pilot p SET
                    status = 'Running',
                    status_reason = CASE WHEN p.status = 'Running' THEN p.status_reason ELSE 'Unknown' END,
                    lost = false,
                    accepted = true,
                    first_seen = coalesce(p.first_seen, now()),
                    last_update_time = now(),
                    initial_job_id = CASE WHEN p.initial_job_id = 0 THEN coalesce(s.job_id, 0) ELSE p.initial_job_id END,
                    node = coalesce(s.node::jsonb, p.node),
                    host = coalesce(left(s.node::jsonb ->> 'host', 255), p.host),
                    cores = coalesce(pilots.whole_number(s.node::jsonb ->> 'cores'), p.cores),
                    bench_mark = coalesce(pilots.real_number(s.node::jsonb ->> 'cpu_power'), p.bench_mark)
                  FROM said s
                  WHERE p.pilot_id = s.pilot_id
                    -- Again, for the row as it is now: an end in the meantime stays an end.
                    AND (p.status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted') OR p.lost)
                    AND (p.status <> 'Running' OR s.node::jsonb <> p.node OR (p.initial_job_id = 0 AND s.job_id > 0)))
                """
                    + STANDING)
            .param("stamps", all.stream().map(Contact::stamp).toArray(String[]::new))
            .param("nodes", all.stream().map(ContactRepository::json).toArray(String[]::new))
            .param("left", all.stream().map(c -> boxed(c.timeLeft())).toArray(Long[]::new))
            .param("running", all.stream().map(c -> boxed(c.running())).toArray(Integer[]::new))
            .param("jobs", all.stream().map(c -> boxed(c.jobId())).toArray(Long[]::new)));
  }

  private static Map<String, Standing> standings(JdbcClient.StatementSpec statement) {
    Map<String, Standing> standings = new HashMap<>();
    statement.query(
        row -> {
          Standing standing = standing(row);
          standings.put(standing.stamp(), standing);
        });
    return standings;
  }

  private static Standing standing(ResultSet row) throws SQLException {
    return new Standing(
        row.getLong("pilot_id"),
        row.getString("stamp"),
        row.getString("vo"),
        new Standing.Place(
            row.getString("grid_site"), row.getString("destination_site"), row.getString("queue")),
        PilotStatus.valueOf(row.getString("status")),
        row.getString("status_reason"),
        row.getBoolean("provisioned"),
        row.getBoolean("lost"),
        new Standing.Drain(row.getBoolean("drain"), row.getString("drain_reason")),
        row.getString("host"),
        row.getBoolean("live"));
  }

  private static @Nullable String json(Contact contact) {
    return contact.node().isEmpty() ? null : WireJson.mapper().writeValueAsString(contact.node());
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static @Nullable Integer boxed(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }
}
