package org.spinor.server.pilots.fleet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.api.PilotStatus;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.TrialPilots;
import org.spinor.server.pilots.life.Endings;
import org.spinor.server.pilots.life.PilotLogs;
import org.spinor.server.web.WireJson;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The pilots that test queues: rows like the others, told to drain before they begin. */
@Component
final class TrialFleet implements TrialPilots {
  private static final int MOST_LOG = 256 * 1024;

  private final JdbcClient jdbc;
  private final PilotLogs logs;
  private final Endings endings;

  TrialFleet(JdbcClient jdbc, PilotLogs logs, Endings endings) {
    this.jdbc = jdbc;
    this.logs = logs;
    this.endings = endings;
  }

  @Override
  public String create(Pilots.Queue queue, String type, String vo) {
    String stamp = Fleet.stamp();
    jdbc.sql(
            """
            INSERT INTO pilots.pilot (stamp, reference, vo, destination_site, queue, grid_site, grid_type, status, status_reason,
                                      provisioned, test, drain, drain_reason)
            VALUES (:stamp, :stamp, :vo, :ce, :queue, :site, :type, 'Submitted', 'to be sent, as a test',
                    true, true, true, 'it was sent to test its queue')
            """)
        .param("stamp", stamp)
        .param("vo", vo)
        .param("ce", queue.ce())
        .param("queue", queue.name())
        .param("site", queue.site())
        .param("type", type)
        .update();
    return stamp;
  }

  @Override
  public Optional<Look> look(String stamp) {
    return jdbc.sql(
            """
            SELECT pilot_id, status, status_reason, first_seen IS NOT NULL AS spoke, node FROM pilots.pilot WHERE stamp = :stamp
            """)
        .param("stamp", stamp)
        .query(
            (row, number) ->
                new Look(
                    PilotStatus.valueOf(row.getString("status")),
                    row.getString("status_reason"),
                    row.getBoolean("spoke"),
                    node(row.getString("node")),
                    log(row.getLong("pilot_id"))))
        .optional();
  }

  private static Map<String, String> node(String json) {
    Map<String, String> node = new HashMap<>();
    WireJson.mapper()
        .readTree(json)
        .properties()
        .forEach(entry -> node.put(entry.getKey(), entry.getValue().asString("")));
    return node;
  }

  private String log(long pilotId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    logs.copy(pilotId, 0, out);
    String text = out.toString(StandardCharsets.UTF_8);
    return text.length() <= MOST_LOG ? text : text.substring(0, MOST_LOG);
  }

  @Override
  public void end(String stamp, String reason) {
    endings.end(List.of(stamp), PilotStatus.Deleted, reason, false, true);
  }
}
