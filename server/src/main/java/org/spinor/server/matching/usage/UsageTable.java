package org.spinor.server.matching.usage;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Core seconds used by owners, the older the less they count. */
public final class UsageTable {
  private final JdbcClient jdbc;
  private final Duration halfLife;

  public UsageTable(JdbcClient jdbc, Duration halfLife) {
    this.jdbc = jdbc;
    this.halfLife = halfLife;
  }

  /** Whose usage it is. */
  public record Who(String vo, String group, String owner) implements Comparable<Who> {
    private static final Comparator<Who> ORDER =
        Comparator.comparing(Who::vo).thenComparing(Who::group).thenComparing(Who::owner);

    @Override
    public int compareTo(Who other) {
      return ORDER.compare(this, other);
    }
  }

  /** Notes usage; joins the caller's transaction and waits for nobody. */
  public void add(SortedMap<Who, Double> used) {
    if (used.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO matching.usage_change (vo, owner_group, owner, core_seconds)
            SELECT * FROM unnest(:vos::text[], :groups::text[], :owners::text[], :used::float8[])
            """)
        .param("vos", used.keySet().stream().map(Who::vo).toArray(String[]::new))
        .param("groups", used.keySet().stream().map(Who::group).toArray(String[]::new))
        .param("owners", used.keySet().stream().map(Who::owner).toArray(String[]::new))
        .param("used", used.values().stream().mapToDouble(Double::doubleValue).toArray())
        .update();
  }

  /** Adds the changes up into the base, and forgets what has faded to nothing. */
  public void fold() {
    jdbc.sql(
            """
            WITH taken AS (DELETE FROM matching.usage_change RETURNING vo, owner_group, owner, core_seconds),
            added AS (SELECT vo, owner_group, owner, sum(core_seconds) AS core_seconds FROM taken GROUP BY vo, owner_group, owner)
            INSERT INTO matching.usage AS u (vo, owner_group, owner, core_seconds, as_of)
            SELECT vo, owner_group, owner, core_seconds, now() FROM added ORDER BY vo, owner_group, owner
            ON CONFLICT (vo, owner_group, owner) DO UPDATE
            SET core_seconds = u.core_seconds * power(0.5, extract(epoch FROM now() - u.as_of) / :half) + EXCLUDED.core_seconds,
              as_of = now()
            """)
        .param("half", halfLife.toSeconds())
        .update();
    jdbc.sql(
            """
            DELETE FROM matching.usage
            WHERE core_seconds * power(0.5, extract(epoch FROM now() - as_of) / :half) < 1
            """)
        .param("half", halfLife.toSeconds())
        .update();
  }

  /** Usage as of now. */
  public Map<Who, Double> now() {
    Map<Who, Double> usage = new HashMap<>();
    jdbc.sql(
            """
            SELECT vo, owner_group, owner, sum(core_seconds) AS core_seconds FROM (
              SELECT vo, owner_group, owner, core_seconds * power(0.5, extract(epoch FROM now() - as_of) / :half) AS core_seconds
              FROM matching.usage
              UNION ALL SELECT vo, owner_group, owner, core_seconds FROM matching.usage_change) u
            GROUP BY vo, owner_group, owner
            """)
        .param("half", halfLife.toSeconds())
        .query(
            row -> {
              usage.put(
                  new Who(
                      row.getString("vo"), row.getString("owner_group"), row.getString("owner")),
                  row.getDouble("core_seconds"));
            });
    return usage;
  }
}
