package org.spinor.server.pilots.nodes;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.spinor.api.NodeInfo;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is remembered of nodes whose jobs fail fast. */
@Repository
public final class BlackHoleRepository {
  /** A worker node. */
  record Node(String site, String host) {}

  /**
   * What happened on a node since the last time.
   *
   * @param afresh a job went well in between: what failed before it does not count any more
   */
  record Failures(
      Node node, boolean afresh, int failures, Set<Integer> classes, int infrastructure) {}

  private final JdbcClient jdbc;

  BlackHoleRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Nodes put aside, with the reason. */
  Map<Node, String> aside() {
    Map<Node, String> nodes = new HashMap<>();
    jdbc.sql("SELECT site, host, reason FROM pilots.node WHERE aside_until > now()")
        .query(
            row -> {
              nodes.put(
                  new Node(row.getString("site"), row.getString("host")), row.getString("reason"));
            });
    return nodes;
  }

  /** Nodes on which something failed fast lately. */
  Set<Node> suspects() {
    return jdbc.sql("SELECT site, host FROM pilots.node WHERE fast_failures > 0")
        .query((row, number) -> new Node(row.getString("site"), row.getString("host")))
        .set();
  }

  /** Nodes of pilots that have said what their node is. */
  Map<String, Node> nodesOf(Collection<String> stamps) {
    Map<String, Node> nodes = new HashMap<>();
    jdbc.sql(
            "SELECT stamp, grid_site, host FROM pilots.pilot WHERE stamp = ANY(:stamps) AND host <> ''")
        .param("stamps", stamps.toArray(String[]::new))
        .query(
            row -> {
              nodes.put(
                  row.getString("stamp"),
                  new Node(row.getString("grid_site"), row.getString("host")));
            });
    return nodes;
  }

  void count(List<Failures> failures) {
    jdbc.sql(
            """
            WITH happened AS (
              SELECT * FROM unnest(:sites::text[], :hosts::text[], :afresh::boolean[], :failures::int[], :classes::text[], :infrastructure::int[])
                AS h (site, host, afresh, failures, classes, infrastructure) ORDER BY 1, 2)
            INSERT INTO pilots.node AS n (site, host, fast_failures, classes, infrastructure, last_failure)
            SELECT site, host, failures, classes::int[], infrastructure, now() FROM happened
            ON CONFLICT (site, host) DO UPDATE SET
              fast_failures = EXCLUDED.fast_failures
                + CASE WHEN (SELECT afresh FROM happened h WHERE h.site = n.site AND h.host = n.host) THEN 0 ELSE n.fast_failures END,
              infrastructure = EXCLUDED.infrastructure
                + CASE WHEN (SELECT afresh FROM happened h WHERE h.site = n.site AND h.host = n.host) THEN 0 ELSE n.infrastructure END,
              classes = CASE WHEN (SELECT afresh FROM happened h WHERE h.site = n.site AND h.host = n.host) THEN EXCLUDED.classes
                ELSE (SELECT coalesce(array_agg(c), '{}') FROM (SELECT DISTINCT c FROM unnest(n.classes || EXCLUDED.classes) AS c LIMIT 20) d) END,
              last_failure = CASE WHEN EXCLUDED.fast_failures > 0 THEN now() ELSE n.last_failure END
            """)
        .param("sites", failures.stream().map(f -> f.node().site()).toArray(String[]::new))
        .param("hosts", failures.stream().map(f -> f.node().host()).toArray(String[]::new))
        .param("afresh", failures.stream().map(Failures::afresh).toArray(Boolean[]::new))
        .param("failures", failures.stream().mapToInt(Failures::failures).toArray())
        .param("classes", failures.stream().map(BlackHoleRepository::array).toArray(String[]::new))
        .param("infrastructure", failures.stream().mapToInt(Failures::infrastructure).toArray())
        .update();
  }

  private static String array(Failures failures) {
    return failures.classes().stream()
        .map(String::valueOf)
        .collect(Collectors.joining(",", "{", "}"));
  }

  /**
   * Puts aside the nodes that have failed too often, and tells their pilots to drain. Jobs that
   * fail by their own fault condemn a node only if they are of three kinds at least and other nodes
   * do better.
   *
   * @return the nodes put aside now, with the reason
   */
  Map<Node, String> putAside(int most, Duration aside) {
    Map<Node, String> nodes = new HashMap<>();
    jdbc.sql(
            """
            WITH bad AS (
              UPDATE pilots.node n SET
                aside_until = now() + make_interval(secs => :seconds),
                reason = fast_failures || ' jobs in a row failed within moments on ' || host || ': the node is put aside',
                fast_failures = 0, classes = '{}', infrastructure = 0
              WHERE fast_failures >= :most
                AND (infrastructure * 2 >= fast_failures
                     OR cardinality(classes) >= 3
                        AND EXISTS (SELECT 1 FROM pilots.pilot p
                                     WHERE p.status = 'Running' AND p.host <> '' AND (p.grid_site, p.host) <> (n.site, n.host)
                                       AND NOT EXISTS (SELECT 1 FROM pilots.node o
                                                        WHERE o.site = p.grid_site AND o.host = p.host AND o.fast_failures > 1)))
              RETURNING site, host, reason),
            told AS (
              UPDATE pilots.pilot p SET drain = true, drain_reason = b.reason, last_update_time = now()
                FROM bad b
               WHERE p.host = b.host AND p.grid_site = b.site AND p.status = 'Running' AND NOT p.drain)
            SELECT site, host, reason FROM bad
            """)
        .param("seconds", aside.toSeconds())
        .param("most", most)
        .query(
            row -> {
              nodes.put(
                  new Node(row.getString("site"), row.getString("host")), row.getString("reason"));
            });
    return nodes;
  }

  /** What operators see: nodes put aside first, then those that failed last. */
  List<NodeInfo> list() {
    return jdbc.sql(
            """
            SELECT n.site, n.host, n.fast_failures, n.last_failure, n.reason,
                   CASE WHEN n.aside_until > now() THEN n.aside_until END AS aside_until,
                   (SELECT count(*) FROM pilots.pilot p
                     WHERE p.host = n.host AND p.host <> '' AND p.grid_site = n.site AND p.status = 'Running') AS pilots
              FROM pilots.node n
             WHERE n.aside_until > now() OR n.fast_failures > 0
             ORDER BY n.aside_until > now() DESC NULLS LAST, n.last_failure DESC LIMIT 1000
            """)
        .query(
            (row, number) -> {
              OffsetDateTime until = row.getObject("aside_until", OffsetDateTime.class);
              return new NodeInfo(
                  row.getString("site"),
                  row.getString("host"),
                  row.getInt("fast_failures"),
                  row.getObject("last_failure", OffsetDateTime.class).toInstant(),
                  until == null ? null : until.toInstant(),
                  row.getString("reason"),
                  row.getInt("pilots"));
            })
        .list();
  }

  /**
   * Forgets what was held against a node; its pilots that drain for this take work again.
   *
   * @return whether there was anything
   */
  boolean release(Node node) {
    return jdbc.sql(
                """
                WITH told AS (
                  UPDATE pilots.pilot p SET drain = false, drain_reason = '', last_update_time = now()
                    FROM pilots.node n
                   WHERE n.site = :site AND n.host = :host AND p.host = n.host AND p.grid_site = n.site
                     AND p.status = 'Running' AND p.drain AND NOT p.test AND p.drain_reason = n.reason)
                UPDATE pilots.node SET aside_until = NULL, fast_failures = 0, classes = '{}', infrastructure = 0, reason = ''
                 WHERE site = :site AND host = :host AND (aside_until > now() OR fast_failures > 0)
                """)
            .param("site", node.site().replace("\0", ""))
            .param("host", node.host().replace("\0", ""))
            .update()
        > 0;
  }

  /** Forgets nodes of which nothing bad was heard for a month. */
  public int forget() {
    return jdbc.sql(
            """
            DELETE FROM pilots.node
             WHERE last_failure < now() - interval '30 days' AND (aside_until IS NULL OR aside_until < now())
            """)
        .update();
  }
}
