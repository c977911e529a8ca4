package org.spinor.server.pilots.fleet;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.spinor.api.PilotStatus;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.contact.SecretKeeper;
import org.spinor.server.pilots.life.Endings;
import org.spinor.server.pilots.life.SilentSites;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The pilots that provisioning sends. */
@Component
public final class Fleet implements Pilots {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final JdbcClient jdbc;
  private final SecretKeeper secrets;
  private final Endings endings;
  private final SilentSites silentSites;

  Fleet(JdbcClient jdbc, SecretKeeper secrets, Endings endings, SilentSites silentSites) {
    this.jdbc = jdbc;
    this.secrets = secrets;
    this.endings = endings;
    this.silentSites = silentSites;
  }

  @Override
  public List<Population> populations() {
    return jdbc.sql(
            """
            SELECT p.grid_site, p.destination_site, p.queue, p.vo,
                   count(*) FILTER (WHERE p.status IN ('Submitted', 'Waiting') AND NOT p.accepted) AS unsent,
                   count(*) FILTER (WHERE p.status IN ('Submitted', 'Waiting') AND p.accepted) AS waiting,
                   count(*) FILTER (WHERE p.status = 'Unknown') AS unknown,
                   count(*) FILTER (WHERE p.status = 'Running') AS running,
                   count(*) FILTER (WHERE p.status = 'Running' AND coalesce(l.running, 0) = 0 AND NOT p.drain) AS idle,
                   max(p.cores) AS cores
              FROM pilots.pilot p LEFT JOIN pilots.live l USING (pilot_id)
             WHERE p.status IN ('Submitted', 'Waiting', 'Running', 'Unknown') AND NOT p.test
               AND (p.provisioned OR p.machine_id IS NOT NULL OR p.leader IS NOT NULL)
             GROUP BY p.grid_site, p.destination_site, p.queue, p.vo
            """)
        .query(
            (row, number) ->
                new Population(
                    new Queue(
                        row.getString("grid_site"),
                        row.getString("destination_site"),
                        row.getString("queue")),
                    row.getString("vo"),
                    row.getInt("unsent"),
                    row.getInt("waiting"),
                    row.getInt("unknown"),
                    row.getInt("running"),
                    row.getInt("idle"),
                    row.getInt("cores")))
        .list();
  }

  @Override
  public List<String> create(List<Order> orders) {
    List<String> stamps = new ArrayList<>();
    List<Order> each = new ArrayList<>();
    for (Order order : orders) {
      for (int i = 0; i < order.count(); i++) {
        stamps.add(stamp());
        each.add(order);
      }
    }
    jdbc.sql(
            """
            INSERT INTO pilots.pilot (stamp, reference, vo, destination_site, queue, grid_site, grid_type, status, status_reason, provisioned)
            SELECT stamp, stamp, vo, ce, queue, site, type, 'Submitted', 'to be sent', true
              FROM unnest(:stamps::text[], :vos::text[], :ces::text[], :queues::text[], :sites::text[], :types::text[])
                AS pilot (stamp, vo, ce, queue, site, type)
            """)
        .param("stamps", stamps.toArray(String[]::new))
        .param("vos", texts(each, Order::vo))
        .param("ces", texts(each, order -> order.queue().ce()))
        .param("queues", texts(each, order -> order.queue().name()))
        .param("sites", texts(each, order -> order.queue().site()))
        .param("types", texts(each, Order::type))
        .update();
    return stamps;
  }

  private static String[] texts(List<Order> orders, Function<Order, String> part) {
    return orders.stream().map(part).toArray(String[]::new);
  }

  public static String stamp() {
    byte[] bytes = new byte[12];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public List<Unsent> unsent(Queue queue, Set<String> except, int limit) {
    return at(
            """
            SELECT stamp, vo, submission_time FROM pilots.pilot
             WHERE grid_site = :site AND destination_site = :ce AND queue = :queue
               AND status IN ('Submitted', 'Waiting') AND provisioned AND NOT accepted AND NOT test AND vo <> ALL(:except)
             ORDER BY pilot_id LIMIT :limit
            """,
            queue)
        .param("except", except.toArray(String[]::new))
        .param("limit", limit)
        .query(
            (row, number) ->
                new Unsent(
                    row.getString("stamp"),
                    row.getString("vo"),
                    row.getObject("submission_time", OffsetDateTime.class).toInstant()))
        .list();
  }

  @Override
  public Map<String, String> freshSecrets(Collection<String> stamps) {
    return secrets.renew(stamps);
  }

  @Override
  public void accepted(Map<String, String> references) {
    jdbc.sql(
            """
            UPDATE pilots.pilot p SET
              accepted = true, reference = r.reference, last_update_time = now(),
              status = CASE WHEN p.status = 'Submitted' THEN 'Waiting' ELSE p.status END,
              status_reason = CASE WHEN p.status = 'Submitted' THEN 'Unknown' ELSE p.status_reason END,
              -- Withdrawn while it was being sent.
              cancel = p.cancel OR p.status = 'Deleted'
            FROM unnest(:stamps::text[], :references::text[]) AS r (stamp, reference)
            WHERE p.stamp = r.stamp
            """)
        .param("stamps", references.keySet().toArray(String[]::new))
        .param("references", references.values().toArray(String[]::new))
        .update();
  }

  @Override
  public List<Silent> silent(Queue queue, Set<String> except, Duration silence, int limit) {
    return at(
            """
            WITH chosen AS (
              SELECT p.pilot_id, l.pilot_id IS NOT NULL AS spoke
                FROM pilots.pilot p LEFT JOIN pilots.live l USING (pilot_id)
               WHERE p.grid_site = :site AND p.destination_site = :ce AND p.queue = :queue
                 AND p.status IN ('Submitted', 'Waiting', 'Running', 'Unknown') AND p.provisioned AND p.accepted AND NOT p.test AND p.vo <> ALL(:except)
                 AND coalesce(l.last_seen, p.last_update_time) < now() - make_interval(secs => :silence)
                 AND (p.polled IS NULL OR p.polled < now() - make_interval(secs => :silence))
               ORDER BY p.polled NULLS FIRST LIMIT :limit)
            UPDATE pilots.pilot p SET polled = now() FROM chosen c WHERE p.pilot_id = c.pilot_id
            RETURNING p.stamp, p.vo, p.reference, p.status, p.last_update_time, c.spoke
            """,
            queue)
        .param("except", except.toArray(String[]::new))
        .param("silence", silence.toMillis() / 1000.0)
        .param("limit", limit)
        .query(
            (row, number) ->
                new Silent(
                    row.getString("stamp"),
                    row.getString("vo"),
                    row.getString("reference"),
                    PilotStatus.valueOf(row.getString("status")),
                    row.getObject("last_update_time", OffsetDateTime.class).toInstant(),
                    row.getBoolean("spoke")))
        .list();
  }

  @Override
  public Map<String, Instant> silentSites() {
    return silentSites.all();
  }

  @Override
  public void reported(String stamp, PilotStatus status, String reason) {
    // The time of the last change tells for how long a pilot has been in its state.
    jdbc.sql(
            """
            UPDATE pilots.pilot SET
              last_update_time = CASE WHEN status = :status THEN last_update_time ELSE now() END,
              status = :status, status_reason = :reason
             WHERE stamp = :stamp AND status IN ('Submitted', 'Waiting', 'Unknown')
               AND (status, status_reason) IS DISTINCT FROM (:status, :reason)
            """)
        .param("stamp", stamp)
        .param("status", status.name())
        .param("reason", Endings.cut(reason))
        .update();
  }

  @Override
  public void ended(Collection<String> stamps, PilotStatus status, String reason) {
    endings.end(quiet(stamps), status, reason, false, false);
  }

  @Override
  public void givenUp(Collection<String> stamps, String reason) {
    endings.end(quiet(stamps), PilotStatus.Aborted, reason, false, true);
  }

  /** Those of them that did not speak within the last moments. */
  private List<String> quiet(Collection<String> stamps) {
    return jdbc.sql(
            """
            SELECT p.stamp FROM pilots.pilot p LEFT JOIN pilots.live l USING (pilot_id)
             WHERE p.stamp = ANY(:stamps) AND (l.last_seen IS NULL OR l.last_seen < now() - interval '20 seconds')
            """)
        .param("stamps", stamps.toArray(String[]::new))
        .query((row, number) -> row.getString(1))
        .list();
  }

  @Override
  public void keepOutput(String stamp, String text) {
    jdbc.sql(
            """
            INSERT INTO pilots.output (pilot_id, content)
            SELECT pilot_id, :content FROM pilots.pilot WHERE stamp = :stamp
            ON CONFLICT DO NOTHING
            """)
        .param("stamp", stamp)
        .param("content", text.replace("\0", ""))
        .update();
  }

  @Override
  public Map<Queue, Waits> waits(Collection<Queue> queues, Duration window, int most) {
    Map<Queue, Waits> waits = new LinkedHashMap<>();
    jdbc.sql(
            """
            SELECT q.site, q.ce, q.name, count(p.first_seen) AS starts, coalesce(sum(p.waited), 0) AS waited,
                   coalesce(max(p.waited) FILTER (WHERE p.waits), 0) AS longest, max(p.submission_time) AS last
              FROM unnest(:sites::text[], :ces::text[], :names::text[]) AS q (site, ce, name)
              CROSS JOIN LATERAL (
                SELECT first_seen, submission_time, status IN ('Submitted', 'Waiting', 'Unknown') AS waits,
                       extract(epoch FROM coalesce(first_seen, CASE WHEN status = 'Deleted' THEN last_update_time ELSE now() END)
                                          - submission_time)::float8 AS waited
                  FROM pilots.pilot
                 WHERE grid_site = q.site AND destination_site = q.ce AND queue = q.name
                   AND submission_time > now() - make_interval(secs => :window)
                   AND provisioned AND accepted AND NOT test
                   -- One that ended without a word says nothing of waiting.
                   AND (first_seen IS NOT NULL OR status NOT IN ('Done', 'Failed', 'Aborted'))
                 ORDER BY submission_time DESC LIMIT :most) p
             GROUP BY q.site, q.ce, q.name
            """)
        .param("sites", queues.stream().map(Queue::site).toArray(String[]::new))
        .param("ces", queues.stream().map(Queue::ce).toArray(String[]::new))
        .param("names", queues.stream().map(Queue::name).toArray(String[]::new))
        .param("window", window.toSeconds())
        .param("most", most)
        .query(
            row -> {
              waits.put(
                  new Queue(row.getString("site"), row.getString("ce"), row.getString("name")),
                  new Waits(
                      row.getInt("starts"),
                      seconds(row.getDouble("waited")),
                      seconds(row.getDouble("longest")),
                      row.getObject("last", OffsetDateTime.class).toInstant()));
            });
    return waits;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)));
  }

  @Override
  public int withdraw(Queue queue, String vo, int count, String reason) {
    List<String> stamps =
        at(
                """
                SELECT stamp FROM pilots.pilot
                 WHERE grid_site = :site AND destination_site = :ce AND queue = :queue AND vo = :vo
                   AND status IN ('Submitted', 'Waiting') AND provisioned AND NOT test
                 ORDER BY accepted, pilot_id DESC LIMIT :count
                """,
                queue)
            .param("vo", vo)
            .param("count", count)
            .query((row, number) -> row.getString(1))
            .list();
    return endings.end(stamps, PilotStatus.Deleted, reason, false, true).size();
  }

  @Override
  public List<Placed> toCancel(Queue queue, Set<String> except, int limit) {
    return at(
            """
            SELECT stamp, vo, reference FROM pilots.pilot
             WHERE grid_site = :site AND destination_site = :ce AND queue = :queue AND cancel AND vo <> ALL(:except)
             ORDER BY pilot_id LIMIT :limit
            """,
            queue)
        .param("except", except.toArray(String[]::new))
        .param("limit", limit)
        .query(Fleet::placed)
        .list();
  }

  @Override
  public void cancelled(Collection<String> stamps) {
    jdbc.sql("UPDATE pilots.pilot SET cancel = false WHERE stamp = ANY(:stamps)")
        .param("stamps", stamps.toArray(String[]::new))
        .update();
  }

  @Override
  public List<Placed> toPurge(Queue queue, Set<String> except, Duration age, int limit) {
    return at(
            """
            SELECT stamp, vo, reference FROM pilots.pilot
             WHERE grid_site = :site AND destination_site = :ce AND queue = :queue
               AND status IN ('Done', 'Failed', 'Deleted', 'Aborted') AND accepted AND provisioned AND NOT purged AND NOT cancel
               AND last_update_time < now() - make_interval(secs => :age) AND vo <> ALL(:except)
             LIMIT :limit
            """,
            queue)
        .param("except", except.toArray(String[]::new))
        .param("age", age.toSeconds())
        .param("limit", limit)
        .query(Fleet::placed)
        .list();
  }

  private static Placed placed(ResultSet row, int number) throws SQLException {
    return new Placed(row.getString("stamp"), row.getString("vo"), row.getString("reference"));
  }

  @Override
  public void purged(Collection<String> stamps) {
    jdbc.sql("UPDATE pilots.pilot SET purged = true WHERE stamp = ANY(:stamps)")
        .param("stamps", stamps.toArray(String[]::new))
        .update();
  }

  @Override
  public List<Queue> queuesInUse() {
    return jdbc.sql(
            """
            SELECT DISTINCT grid_site, destination_site, queue FROM pilots.pilot
             WHERE status IN ('Submitted', 'Waiting', 'Running', 'Unknown') AND provisioned AND NOT test
            UNION
            SELECT grid_site, destination_site, queue FROM pilots.pilot WHERE cancel
            """)
        .query((row, number) -> new Queue(row.getString(1), row.getString(2), row.getString(3)))
        .list();
  }

  private JdbcClient.StatementSpec at(String sql, Queue queue) {
    return jdbc.sql(sql)
        .param("site", queue.site())
        .param("ce", queue.ce())
        .param("queue", queue.name());
  }
}
