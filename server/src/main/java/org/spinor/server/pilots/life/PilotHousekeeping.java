package org.spinor.server.pilots.life;

import java.time.Duration;
import java.util.Optional;
import org.spinor.server.database.Partitions;
import org.spinor.server.pilots.PilotsProperties;
import org.spinor.server.pilots.nodes.BlackHoleRepository;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Drops old logs and pilots that ended long ago. */
@Component
final class PilotHousekeeping implements TaskHandler {
  private static final int MOST = 5000;
  private static final String CHUNKS = "pilots.log_chunk";

  private final JdbcClient jdbc;
  private final Partitions partitions;
  private final BlackHoleRepository nodes;
  private final PilotsProperties properties;

  PilotHousekeeping(
      JdbcClient jdbc,
      Partitions partitions,
      BlackHoleRepository nodes,
      PilotsProperties properties) {
    this.jdbc = jdbc;
    this.partitions = partitions;
    this.nodes = nodes;
    this.properties = properties;
  }

  @Override
  public String type() {
    return "pilots.housekeeping";
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(Duration.ofHours(1));
  }

  @Override
  public void run(String payload) {
    partitions.ensure(CHUNKS, Partitions.Span.DAILY, 3);
    partitions.dropOlderThan(CHUNKS, properties.logRetention());
    while (deleteOld() == MOST) {
      // in small transactions, so that nobody waits for them
    }
    nodes.forget();
  }

  private int deleteOld() {
    return jdbc.sql(
            """
            WITH old AS (
              SELECT pilot_id FROM pilots.pilot
               WHERE (status IN ('Done', 'Failed', 'Deleted') AND last_update_time < now() - make_interval(secs => :retention)
                      OR status = 'Aborted' AND last_update_time < now() - make_interval(secs => :aborted))
                 AND NOT cancel
               LIMIT :most),
            logs AS (DELETE FROM pilots.log g USING old o WHERE g.pilot_id = o.pilot_id),
            outputs AS (DELETE FROM pilots.output t USING old o WHERE t.pilot_id = o.pilot_id),
            jobs AS (DELETE FROM pilots.job_pilot j USING old o WHERE j.pilot_id = o.pilot_id)
            DELETE FROM pilots.pilot p USING old o WHERE p.pilot_id = o.pilot_id
            """)
        .param("retention", properties.retention().toSeconds())
        .param("aborted", properties.retention().toSeconds() / 4)
        .param("most", MOST)
        .update();
  }
}
