package org.spinor.server.matching.desk;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.Offer;
import org.spinor.server.database.Transactions;
import org.spinor.server.web.WireJson;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What pilots offered within the last hour, of all servers: one row a pilot, written now and then
 * and many at a time, since it is for explanations only. Offers are rounded down a little, so that
 * the pilots of a queue have few different ones.
 */
public final class RecentOffers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecentOffers.class);
  private static final Duration WRITE_EVERY = Duration.ofMinutes(5);
  private static final Duration FLUSH_EVERY = Duration.ofSeconds(1);

  /** A sample is as good: with more pilots than this a second, the rest comes the next time. */
  private static final int MOST_A_FLUSH = 500;

  private static final long CPU_STEP = 600;
  private static final long MEMORY_STEP = 100;

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final KnownNodes nodes;
  private final Cache<String, Offer> written =
      Caffeine.newBuilder().maximumSize(500_000).expireAfterWrite(WRITE_EVERY).build();
  private final Cache<Offer, UUID> shapes =
      Caffeine.newBuilder().maximumSize(20_000).expireAfterWrite(Duration.ofMinutes(20)).build();
  private final Map<String, Offer> toWrite = new ConcurrentHashMap<>();
  private final Thread writer;
  private volatile boolean closed;

  public RecentOffers(JdbcClient jdbc, Transactions transactions, KnownNodes nodes) {
    this.jdbc = jdbc;
    this.nodes = nodes;
    this.transactions = transactions;
    this.writer = Thread.ofVirtual().name("recent-offers").start(this::write);
  }

  /** Pilots with the same offer. */
  public record Seen(Offer offer, int pilots) {}

  public void seen(String pilotStamp, Offer offer) {
    if (toWrite.size() >= MOST_A_FLUSH) {
      return;
    }
    Offer rounded = rounded(offer);
    if (!rounded.equals(written.getIfPresent(pilotStamp))) {
      written.put(pilotStamp, rounded);
      toWrite.put(pilotStamp, rounded);
    }
  }

  private static Offer rounded(Offer offer) {
    return offer.withRoom(
        offer.cpuTime() - Math.floorMod(offer.cpuTime(), CPU_STEP),
        offer.cores(),
        offer.memoryMb() - Math.floorMod(offer.memoryMb(), MEMORY_STEP),
        0);
  }

  private void write() {
    while (!closed) {
      try {
        Thread.sleep(FLUSH_EVERY);
        flush();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("offers of pilots not noted: {}", e.getMessage());
      }
    }
  }

  /**
   * Writes what was seen; otherwise done once a second. On return that is done, also where another
   * thread had begun it.
   */
  public synchronized void flush() {
    if (toWrite.isEmpty()) {
      return;
    }
    Map<String, Offer> batch = new HashMap<>(toWrite);
    batch.forEach(toWrite::remove);
    Map<UUID, Offer> fresh = new HashMap<>();
    Map<String, UUID> shapeOf = new HashMap<>();
    batch.forEach(
        (stamp, offer) -> {
          UUID shape = shapes.getIfPresent(offer);
          if (shape == null) {
            shape =
                UUID.nameUUIDFromBytes(
                    WireJson.mapper().writeValueAsString(offer).getBytes(StandardCharsets.UTF_8));
            fresh.put(shape, offer);
          }
          shapeOf.put(stamp, shape);
        });
    transactions.run(() -> store(fresh, shapeOf));
    fresh.forEach((shape, offer) -> shapes.put(offer, shape));
  }

  private void store(Map<UUID, Offer> fresh, Map<String, UUID> shapeOf) {
    if (!fresh.isEmpty()) {
      nodes.seen(fresh.values());
      List<UUID> ordered = fresh.keySet().stream().sorted().toList();
      jdbc.sql(
              """
              INSERT INTO matching.offer_shape (shape, offer, seen)
              SELECT s.shape, s.offer::jsonb, now() FROM unnest(:shapes::uuid[], :offers::text[]) AS s(shape, offer)
              ON CONFLICT (shape) DO UPDATE SET seen = now()
              """)
          .param("shapes", ordered.toArray(UUID[]::new))
          .param(
              "offers",
              ordered.stream()
                  .map(shape -> WireJson.mapper().writeValueAsString(fresh.get(shape)))
                  .toArray(String[]::new))
          .update();
    }
    List<String> stamps = shapeOf.keySet().stream().sorted().toList();
    jdbc.sql(
            """
            INSERT INTO matching.recent_offer (pilot_stamp, shape, seen)
            SELECT p.stamp, p.shape, now() FROM unnest(:stamps::text[], :shapes::uuid[]) AS p(stamp, shape)
            ON CONFLICT (pilot_stamp) DO UPDATE SET shape = EXCLUDED.shape, seen = EXCLUDED.seen
            """)
        .param("stamps", stamps.toArray(String[]::new))
        .param("shapes", stamps.stream().map(shapeOf::get).toArray(UUID[]::new))
        .update();
  }

  /** The offers of the last hour. */
  public List<Seen> lately() {
    return jdbc.sql(
            """
            SELECT s.offer, r.pilots FROM (
              SELECT shape, count(*) AS pilots FROM matching.recent_offer WHERE seen > now() - interval '1 hour' GROUP BY shape
            ) r JOIN matching.offer_shape s USING (shape)
            """)
        .query(
            (row, n) ->
                new Seen(
                    WireJson.mapper().readValue(row.getString("offer"), Offer.class),
                    row.getInt("pilots")))
        .list();
  }

  /** Drops what is older than an hour. */
  public void forget() {
    jdbc.sql("DELETE FROM matching.recent_offer WHERE seen < now() - interval '1 hour'").update();
    nodes.forget();
    jdbc.sql("DELETE FROM matching.offer_shape WHERE seen < now() - interval '2 hours'").update();
  }

  @Override
  public void close() {
    closed = true;
    writer.interrupt();
  }
}
