package org.spinor.server.matching.usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.rules.LimitKey;
import org.spinor.server.matching.rules.LimitedAttribute;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.terms.RequirementClass;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Counters of running limits and deadlines of matching delays: the truth for all servers. Whoever
 * changes rows locks them first, in the order of their keys, limits before delays.
 */
public final class LimitTable {
  private static final String KEYS =
      "unnest(:vos::text[], :sites::text[], :ces::text[], :attributes::text[], :values::text[])";

  private final JdbcClient jdbc;
  private final ClassStore classes;
  private final JobClaims claims;
  private final CurrentRules rules;

  public LimitTable(JdbcClient jdbc, ClassStore classes, JobClaims claims, CurrentRules rules) {
    this.jdbc = jdbc;
    this.classes = classes;
    this.claims = claims;
    this.rules = rules;
  }

  /** How many run under each limit of a site; keys never counted are left out. */
  public Map<LimitKey, Long> running(String site) {
    Map<LimitKey, Long> running = new HashMap<>();
    jdbc.sql(
            "SELECT vo, site, ce, attribute, value, running FROM matching.running_count WHERE site = :site")
        .param("site", site)
        .query(
            row -> {
              running.put(key(row), row.getLong("running"));
            });
    return running;
  }

  /** Milliseconds to wait under each delay of a site that has not passed. */
  Map<LimitKey, Long> waits(String site) {
    Map<LimitKey, Long> waits = new HashMap<>();
    jdbc.sql(
            """
            SELECT vo, site, attribute, value, extract(epoch FROM until - clock_timestamp()) * 1000 AS wait
            FROM matching.delay WHERE site = :site AND until > clock_timestamp()
            """)
        .param("site", site)
        .query(
            row -> {
              waits.put(
                  new LimitKey(
                      row.getString("vo"),
                      row.getString("site"),
                      "",
                      LimitedAttribute.valueOf(row.getString("attribute")),
                      row.getString("value")),
                  (long) Math.ceil(row.getDouble("wait")));
            });
    return waits;
  }

  /** Locks the counters until the end of the transaction and reads them. */
  public Map<LimitKey, Long> lockLimits(Collection<LimitKey> keys) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    Map<LimitKey, Long> running = lockKnown(keys);
    Set<LimitKey> missing = new TreeSet<>(keys);
    missing.removeAll(running.keySet());
    if (missing.isEmpty()) {
      return running;
    }
    // A limit that was never counted: its row is made, which locks it, and then the truth is read.
    bind(
            """
            INSERT INTO matching.running_count (vo, site, ce, attribute, value, running)
            SELECT k.*, 0 FROM %s AS k(vo, site, ce, attribute, value) ORDER BY 1, 2, 3, 4, 5
            ON CONFLICT DO NOTHING
            """,
            missing)
        .update();
    lockKnown(missing);
    count(missing);
    return lockKnown(keys);
  }

  private Map<LimitKey, Long> lockKnown(Collection<LimitKey> keys) {
    Map<LimitKey, Long> running = new HashMap<>();
    bind(
            """
            SELECT c.vo, c.site, c.ce, c.attribute, c.value, c.running
            FROM matching.running_count c JOIN %s AS k(vo, site, ce, attribute, value)
              USING (vo, site, ce, attribute, value)
            ORDER BY c.vo, c.site, c.ce, c.attribute, c.value FOR UPDATE OF c
            """,
            keys)
        .query(
            row -> {
              running.put(key(row), row.getLong("running"));
            });
    return running;
  }

  /** Locks the delays until the end of the transaction; gives those that have not passed. */
  public Set<LimitKey> lockDelays(Collection<LimitKey> keys) {
    if (keys.isEmpty()) {
      return Set.of();
    }
    bind(
            """
            INSERT INTO matching.delay (vo, site, attribute, value, until)
            SELECT k.vo, k.site, k.attribute, k.value, '-infinity'
            FROM %s AS k(vo, site, ce, attribute, value) ORDER BY 1, 2, 3, 4
            ON CONFLICT DO NOTHING
            """,
            keys)
        .update();
    Set<LimitKey> waiting = new TreeSet<>();
    bind(
            """
            SELECT d.vo, d.site, d.attribute, d.value, d.until > clock_timestamp() AS waits
            FROM matching.delay d JOIN %s AS k(vo, site, ce, attribute, value) USING (vo, site, attribute, value)
            ORDER BY d.vo, d.site, d.attribute, d.value FOR UPDATE OF d
            """,
            keys)
        .query(
            row -> {
              if (row.getBoolean("waits")) {
                waiting.add(
                    new LimitKey(
                        row.getString("vo"),
                        row.getString("site"),
                        "",
                        LimitedAttribute.valueOf(row.getString("attribute")),
                        row.getString("value")));
              }
            });
    return waiting;
  }

  /** Takes away from counters; those never counted are left so. */
  void lower(SortedMap<LimitKey, Long> changes) {
    lockKnown(changes.keySet());
    add(changes);
  }

  /** Adds to counters that are locked. */
  public void add(SortedMap<LimitKey, Long> changes) {
    if (changes.isEmpty()) {
      return;
    }
    bind(
            """
            UPDATE matching.running_count c SET running = greatest(0, c.running + k.change)
            FROM unnest(:vos::text[], :sites::text[], :ces::text[], :attributes::text[], :values::text[], :changes::bigint[])
              AS k(vo, site, ce, attribute, value, change)
            WHERE (c.vo, c.site, c.ce, c.attribute, c.value) = (k.vo, k.site, k.ce, k.attribute, k.value)
            """,
            changes.keySet())
        .param("changes", changes.values().stream().mapToLong(Long::longValue).toArray())
        .update();
  }

  /** Starts delays that are locked. */
  public void delay(SortedMap<LimitKey, Integer> seconds) {
    if (seconds.isEmpty()) {
      return;
    }
    bind(
            """
            UPDATE matching.delay d SET until = clock_timestamp() + make_interval(secs => k.seconds)
            FROM unnest(:vos::text[], :sites::text[], :ces::text[], :attributes::text[], :values::text[], :seconds::int[])
              AS k(vo, site, ce, attribute, value, seconds)
            WHERE (d.vo, d.site, d.attribute, d.value) = (k.vo, k.site, k.attribute, k.value)
            """,
            seconds.keySet())
        .param("seconds", seconds.values().stream().mapToInt(Integer::intValue).toArray())
        .update();
  }

  /**
   * Counts anew from the live attempts, and forgets limits that are not configured any more. With
   * all rows locked nobody matches or ends under a limit meanwhile, so the count is exact.
   */
  public void recount() {
    List<LimitKey> wanted = rules.now().allLimits();
    jdbc.sql("DELETE FROM matching.delay WHERE until < now() - interval '1 day'").update();
    if (wanted.isEmpty()) {
      jdbc.sql("DELETE FROM matching.running_count").update();
      return;
    }
    lockLimits(wanted);
    bind(
            """
            DELETE FROM matching.running_count c WHERE (vo, site, ce, attribute, value) NOT IN (
              SELECT k.vo, k.site, k.ce, k.attribute, k.value FROM %s AS k(vo, site, ce, attribute, value))
            """,
            wanted)
        .update();
    count(wanted);
  }

  private void count(Collection<LimitKey> keys) {
    List<JobClaims.Held> held = new ArrayList<>();
    claims.held(held::add);
    Map<Integer, RequirementClass> known =
        classes.numbered(held.stream().map(JobClaims.Held::classNumber).distinct().toList());
    Map<LimitKey, Long> counts = new HashMap<>();
    keys.forEach(key -> counts.put(key, 0L));
    for (JobClaims.Held group : held) {
      RequirementClass cls = known.get(group.classNumber());
      if (cls == null) {
        continue;
      }
      for (LimitKey key : keys) {
        if (key.isAt(group.site(), group.ce()) && key.concerns(cls.asks())) {
          counts.merge(key, group.attempts(), Long::sum);
        }
      }
    }
    List<LimitKey> ordered = keys.stream().sorted().toList();
    bind(
            """
            UPDATE matching.running_count c SET running = k.running
            FROM unnest(:vos::text[], :sites::text[], :ces::text[], :attributes::text[], :values::text[], :running::bigint[])
              AS k(vo, site, ce, attribute, value, running)
            WHERE (c.vo, c.site, c.ce, c.attribute, c.value) = (k.vo, k.site, k.ce, k.attribute, k.value)
              AND c.running <> k.running
            """,
            ordered)
        .param("running", ordered.stream().mapToLong(key -> counts.getOrDefault(key, 0L)).toArray())
        .update();
  }

  private JdbcClient.StatementSpec bind(String sql, Collection<LimitKey> keys) {
    return jdbc.sql(sql.formatted(KEYS))
        .param("vos", texts(keys, LimitKey::vo))
        .param("sites", texts(keys, LimitKey::site))
        .param("ces", texts(keys, LimitKey::ce))
        .param("attributes", texts(keys, key -> key.attribute().name()))
        .param("values", texts(keys, LimitKey::value));
  }

  private static String[] texts(Collection<LimitKey> keys, Function<LimitKey, String> part) {
    return keys.stream().map(part).toArray(String[]::new);
  }

  private static LimitKey key(ResultSet row) throws SQLException {
    return new LimitKey(
        row.getString("vo"),
        row.getString("site"),
        row.getString("ce"),
        LimitedAttribute.valueOf(row.getString("attribute")),
        row.getString("value"));
  }
}
