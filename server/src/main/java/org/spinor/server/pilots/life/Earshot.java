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
 * broken. These are believed to live, but not for ever.
 */
@Component
final class Earshot implements Unheard {
  private final JdbcClient jdbc;
  private final UnheardQueues queues;
  private final Duration patience;

  Earshot(JdbcClient jdbc, UnheardQueues queues, PilotsProperties properties) {
    this.jdbc = jdbc;
    this.queues = queues;
    this.patience = properties.longestUnheard();
  }

  @Override
  public Set<String> among(Collection<String> pilotStamps) {
    Set<Pilots.Queue> unheard = queues.unheard();
    if (unheard.isEmpty()) {
      return Set.of();
    }
    return new HashSet<>(
        jdbc.sql(
                """
                SELECT p.stamp
                FROM pilots.pilot p JOIN pilots.live l USING (pilot_id)
                JOIN unnest(:sites::text[], :ces::text[], :queues::text[]) AS q (site, ce, queue)
                  ON (p.grid_site, p.destination_site, p.queue) = (q.site, q.ce, q.queue)
                WHERE p.stamp = ANY(:stamps) AND l.last_seen > now() - make_interval(secs => :patience)
                """)
            .param("sites", texts(unheard, Pilots.Queue::site))
            .param("ces", texts(unheard, Pilots.Queue::ce))
            .param("queues", texts(unheard, Pilots.Queue::name))
            .param("stamps", pilotStamps.toArray(String[]::new))
            .param("patience", patience.toSeconds())
            .query((row, number) -> row.getString(1))
            .list());
  }

  private static String[] texts(Set<Pilots.Queue> queues, Function<Pilots.Queue, String> part) {
    return queues.stream().map(part).toArray(String[]::new);
  }
}
