package org.spinor.server.pilots.life;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.pilots.PilotsProperties;
import org.spinor.server.pilots.UnheardQueues;
import org.spinor.server.pilots.contact.Heartbeats;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Sites of which nobody is heard. Machines do not fall silent all in the same minute, but the way
 * to them does: so the pilots there are believed to live for the time of an outage, and after it
 * until everybody has had time to call.
 */
@Component
public final class SilentSites {
  private static final Logger log = LoggerFactory.getLogger(SilentSites.class);

  private final JdbcClient jdbc;
  private final Heartbeats heartbeats;
  private final Duration longest;

  SilentSites(JdbcClient jdbc, Heartbeats heartbeats, PilotsProperties properties) {
    this.jdbc = jdbc;
    this.heartbeats = heartbeats;
    this.longest = properties.longestOutage();
  }

  /** Sees which sites are silent now, and which are heard again. */
  void look() {
    fallSilent();
    hearAgain();
    forget();
  }

  /**
   * One pilot that died missed three heartbeats when it is judged; if the whole site fell silent
   * with it, everybody there has missed more than one by then.
   */
  private void fallSilent() {
    jdbc.sql(
            """
            WITH quiet AS (
              SELECT p.grid_site AS site, max(l.last_seen) AS since
              FROM pilots.live l JOIN pilots.pilot p USING (pilot_id)
              WHERE l.last_seen < now() - make_interval(secs => :quiet) AND p.status = 'Running' AND p.host <> ''
              GROUP BY p.grid_site
              HAVING min(p.host) <> max(p.host))
            INSERT INTO pilots.silent_site AS known (site, since)
            SELECT site, since FROM quiet
            WHERE since > now() - make_interval(secs => :longest)
              AND NOT EXISTS (
                SELECT FROM pilots.pilot p JOIN pilots.live l USING (pilot_id)
                WHERE p.grid_site = quiet.site AND p.status = 'Running'
                  AND l.last_seen >= now() - make_interval(secs => :quiet))
            ORDER BY site
            ON CONFLICT (site) DO UPDATE SET since = excluded.since, heard_again = NULL
              WHERE known.since < excluded.since
            RETURNING site, since
            """)
        .param("quiet", 1.5 * heartbeats.seconds())
        .param("longest", longest.toSeconds())
        .query(SilentSites::silence)
        .list()
        .forEach(
            silence ->
                log.warn(
                    "site {}: nobody there is heard since {}; its pilots are believed to live until {}",
                    silence.site(),
                    silence.since(),
                    silence.since().plus(longest)));
  }

  private void hearAgain() {
    jdbc.sql(
            """
            UPDATE pilots.silent_site s SET heard_again = now()
            WHERE heard_again IS NULL AND EXISTS (
              SELECT FROM pilots.live l JOIN pilots.pilot p USING (pilot_id)
              WHERE p.grid_site = s.site AND p.status = 'Running' AND l.last_seen > s.since)
            RETURNING site, since
            """)
        .query(SilentSites::silence)
        .list()
        .forEach(
            silence ->
                log.info(
                    "site {} is heard again; it was silent since {}",
                    silence.site(),
                    silence.since()));
  }

  private void forget() {
    jdbc.sql(
            """
            DELETE FROM pilots.silent_site s
            WHERE heard_again < now() - make_interval(secs => :called)
               OR heard_again IS NULL AND since < now() - make_interval(secs => :longest)
               OR NOT EXISTS (
                 SELECT FROM pilots.pilot p WHERE p.grid_site = s.site AND p.status = 'Running')
            """)
        .param("called", UnheardQueues.EVERYBODY_CALLED.toSeconds())
        .param("longest", longest.toSeconds())
        .update();
  }

  /** Those of which nobody is heard, and since when. */
  public Map<String, Instant> all() {
    return jdbc
        .sql("SELECT site, since FROM pilots.silent_site WHERE heard_again IS NULL")
        .query(SilentSites::silence)
        .list()
        .stream()
        .collect(Collectors.toUnmodifiableMap(Silence::site, Silence::since));
  }

  private record Silence(String site, Instant since) {}

  private static Silence silence(ResultSet row, int number) throws SQLException {
    return new Silence(row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant());
  }
}
