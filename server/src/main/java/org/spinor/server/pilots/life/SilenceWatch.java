package org.spinor.server.pilots.life;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.PilotStatus;
import org.spinor.server.jobs.Unheard;
import org.spinor.server.pilots.PilotsProperties;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds pilots that gave no sign of life for too long: they count as dead, and their jobs wait
 * again. After an absence of all servers nobody is late before everybody has had time to speak; nor
 * is a pilot that nobody could hear.
 */
@Component
final class SilenceWatch implements TaskHandler {
  static final String TYPE = "pilots.silence";
  private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);
  private static final int MOST = 500;

  private final JdbcClient jdbc;
  private final Endings endings;
  private final Earshot earshot;
  private final Duration silence;

  SilenceWatch(JdbcClient jdbc, Endings endings, Earshot earshot, PilotsProperties properties) {
    this.jdbc = jdbc;
    this.endings = endings;
    this.earshot = earshot;
    this.silence = properties.silence();
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Optional<Duration> every() {
    long seconds = Math.clamp(silence.toSeconds() / 6, 1, 20);
    return Optional.of(Duration.ofSeconds(seconds));
  }

  @Override
  public void run(String payload) {
    if (inGrace()) {
      return;
    }
    forgetTheEnded();
    Unheard.Moment unheard = earshot.look();
    SortedMap<Long, String> silent = silent(0);
    while (!silent.isEmpty()) {
      giveUp(silent.values(), unheard.among(silent.values()));
      silent = silent(silent.lastKey());
    }
  }

  private void giveUp(Collection<String> silent, Set<String> unheard) {
    List<String> dead = silent.stream().filter(stamp -> !unheard.contains(stamp)).toList();
    if (dead.isEmpty()) {
      return;
    }
    List<String> ended =
        endings.end(
            dead,
            PilotStatus.Aborted,
            "no sign of life for " + silence.toSeconds() + " s",
            true,
            false);
    log.info("{} pilots gave no sign of life: their jobs wait again", ended.size());
  }

  /** Whether this watch itself was away for so long that silence says nothing. */
  private boolean inGrace() {
    return jdbc.sql(
            """
            UPDATE pilots.keeper SET
              grace_until = CASE WHEN seen < now() - make_interval(secs => :away)
                                 THEN now() + make_interval(secs => :silence) ELSE grace_until END,
              seen = now()
            RETURNING grace_until > now()
            """)
        .param("away", Math.max(5, silence.toSeconds() / 2))
        .param("silence", silence.toSeconds())
        .query(Boolean.class)
        .single();
  }

  /** The next stamps by their numbers. */
  private SortedMap<Long, String> silent(long after) {
    SortedMap<Long, String> stamps = new TreeMap<>();
    jdbc.sql(
            """
            SELECT l.pilot_id, p.stamp FROM pilots.live l JOIN pilots.pilot p USING (pilot_id)
             WHERE l.last_seen < now() - make_interval(secs => :silence) AND l.pilot_id > :after
             ORDER BY l.pilot_id LIMIT :most
            """)
        .param("silence", silence.toSeconds())
        .param("after", after)
        .param("most", MOST)
        .query(
            row -> {
              stamps.put(row.getLong(1), row.getString(2));
            });
    return stamps;
  }

  /** A pilot that spoke in the moment of its end left a sign of life behind. */
  private void forgetTheEnded() {
    jdbc.sql(
            """
            DELETE FROM pilots.live l USING pilots.pilot p
             WHERE p.pilot_id = l.pilot_id AND p.status <> 'Running'
               AND l.last_seen < now() - make_interval(secs => :silence)
            """)
        .param("silence", silence.toSeconds())
        .update();
  }
}
