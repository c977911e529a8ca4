package org.spinor.server.pilots.life;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.spinor.server.jobs.Unheard;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.PilotsProperties;
import org.spinor.server.pilots.UnheardQueues;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tells pilots that are silent from those that nobody hears, because the way by which they call is
 * broken: that of their queue, or that of their whole site. These are believed to live, but not for
 * ever.
 */
@Component
final class Earshot implements Unheard {
  private final JdbcClient jdbc;
  private final UnheardQueues queues;
  private final SilentSites sites;
  private final Duration patience;

  Earshot(JdbcClient jdbc, UnheardQueues queues, SilentSites sites, PilotsProperties properties) {
    this.jdbc = jdbc;
    this.queues = queues;
    this.sites = sites;
    this.patience = properties.longestUnheard();
  }

  @Override
  public Moment look() {
    sites.look();
    Set<Pilots.Queue> unheard = queues.unheard();
    return stamps -> among(stamps, unheard);
  }

  private Set<String> among(Collection<String> stamps, Set<Pilots.Queue> unheard) {
    return new HashSet<>(
        jdbc.sql(
                """
                SELECT p.stamp
                FROM pilots.pilot p JOIN pilots.live l USING (pilot_id)
                WHERE p.stamp = ANY(:stamps) AND l.last_seen > now() - make_interval(secs => :patience)
                  AND (p.grid_site IN (SELECT site FROM pilots.silent_site)
                    OR (p.grid_site, p.destination_site, p.queue) IN (
                      SELECT * FROM unnest(:sites::text[], :ces::text[], :queues::text[])))
                """)
            .param("sites", texts(unheard, Pilots.Queue::site))
            .param("ces", texts(unheard, Pilots.Queue::ce))
            .param("queues", texts(unheard, Pilots.Queue::name))
            .param("stamps", stamps.toArray(String[]::new))
            .param("patience", patience.toSeconds())
            .query((row, number) -> row.getString(1))
            .list());
  }

  private static String[] texts(Set<Pilots.Queue> queues, Function<Pilots.Queue, String> part) {
    return queues.stream().map(part).toArray(String[]::new);
  }
}
