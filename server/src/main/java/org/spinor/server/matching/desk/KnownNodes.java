package org.spinor.server.matching.desk;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.spinor.api.Offer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The largest node that pilots found behind each queue within the last days. Where the
 * configuration does not say how large the nodes of a queue are, this is what is known of it: with
 * it no pilot is sent for a job that its node can never run.
 */
public final class KnownNodes {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final JdbcClient jdbc;
  private final LoadingCache<Boolean, Map<QueueName, Node>> nodes =
      Caffeine.newBuilder().expireAfterWrite(FRESH).build(always -> read());

  public KnownNodes(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record QueueName(String site, String ce, String queue) implements Comparable<QueueName> {
    private static final Comparator<QueueName> ORDER =
        Comparator.comparing(QueueName::site)
            .thenComparing(QueueName::ce)
            .thenComparing(QueueName::queue);

    @Override
    public int compareTo(QueueName other) {
      return ORDER.compare(this, other);
    }
  }

  private record Node(int cores, long memoryMb) {
    Node and(Node other) {
      return new Node(Math.max(cores, other.cores), Math.max(memoryMb, other.memoryMb));
    }
  }

  private Map<QueueName, Node> read() {
    Map<QueueName, Node> found = new HashMap<>();
    jdbc.sql("SELECT site, ce, queue, cores, memory_mb FROM matching.queue_node")
        .query(
            row -> {
              found.put(
                  new QueueName(row.getString("site"), row.getString("ce"), row.getString("queue")),
                  new Node(row.getInt("cores"), row.getLong("memory_mb")));
            });
    return found;
  }

  /** The offer of a queue, with what pilots saw there in the place of what is unknown. */
  public Offer known(Offer offer) {
    if (offer.cores() != Integer.MAX_VALUE && offer.memoryMb() != Long.MAX_VALUE) {
      return offer;
    }
    Node node = nodes.get(true).get(new QueueName(offer.site(), offer.ce(), offer.queue()));
    if (node == null) {
      return offer;
    }
    return offer.withRoom(
        offer.cpuTime(),
        Math.min(offer.cores(), node.cores()),
        Math.min(offer.memoryMb(), node.memoryMb()),
        offer.diskMb());
  }

  /** Notes what pilots offered; joins the caller's transaction. */
  void seen(Collection<Offer> offers) {
    Map<QueueName, Node> largest = new TreeMap<>();
    for (Offer offer : offers) {
      if (!offer.queue().isEmpty()) {
        largest.merge(
            new QueueName(offer.site(), offer.ce(), offer.queue()),
            new Node(offer.cores(), offer.memoryMb()),
            Node::and);
      }
    }
    if (largest.isEmpty()) {
      return;
    }
    List<QueueName> names = List.copyOf(largest.keySet());
    jdbc.sql(
            """
            INSERT INTO matching.queue_node AS n (site, ce, queue, cores, memory_mb, seen)
            SELECT q.*, now() FROM unnest(:sites::text[], :ces::text[], :queues::text[], :cores::int[], :memories::bigint[]) AS q
            ON CONFLICT (site, ce, queue) DO UPDATE SET cores = greatest(n.cores, EXCLUDED.cores),
              memory_mb = greatest(n.memory_mb, EXCLUDED.memory_mb), seen = now()
            """)
        .param("sites", names.stream().map(QueueName::site).toArray(String[]::new))
        .param("ces", names.stream().map(QueueName::ce).toArray(String[]::new))
        .param("queues", names.stream().map(QueueName::queue).toArray(String[]::new))
        .param("cores", largest.values().stream().mapToInt(Node::cores).toArray())
        .param("memories", largest.values().stream().mapToLong(Node::memoryMb).toArray())
        .update();
  }

  /** Queues where no pilot was for a week may have other nodes now. */
  void forget() {
    jdbc.sql("DELETE FROM matching.queue_node WHERE seen < now() - interval '7 days'").update();
  }
}
