package org.spinor.server.jobs.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spinor.server.database.Conditions;
import org.spinor.server.database.SearchColumn;
import org.spinor.server.database.SearchRequest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts jobs without reading them: the table {@code tally} with what has changed since it was
 * added up. As true as a count of the rows, at the same moment.
 */
@Component
final class Tally {
  static final List<SearchColumn> COLUMNS =
      JobColumns.ALL.stream()
          .filter(
              column ->
                  Set.of("VO", "Owner", "OwnerGroup", "JobType", "Site", "Status", "MinorStatus")
                      .contains(column.name()))
          .toList();

  private static final Map<String, SearchColumn> BY_NAME =
      COLUMNS.stream().collect(Collectors.toMap(SearchColumn::name, column -> column));
  private static final String KEYS = "vo, owner, owner_group, job_type, site, status, minor_status";
  private static final String BOTH =
      "(SELECT * FROM jobs.tally UNION ALL SELECT * FROM jobs.tally_change) both_tables ";

  private final JdbcClient jdbc;

  Tally(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Whether conditions on these columns can be answered here. */
  static boolean covers(List<SearchRequest.Spec> search) {
    return search.stream().allMatch(spec -> BY_NAME.containsKey(spec.parameter()));
  }

  static boolean coversGroups(List<String> grouping) {
    return !grouping.isEmpty() && BY_NAME.keySet().containsAll(grouping);
  }

  /** How many jobs fulfil the conditions. */
  long total(Conditions conditions) {
    return jdbc.sql("SELECT coalesce(sum(jobs), 0) FROM " + BOTH + conditions.where())
        .params(conditions.values())
        .query(Long.class)
        .single();
  }

  /** How many of them there are of each combination. */
  List<Map<String, @Nullable Object>> summary(List<String> grouping, Conditions conditions) {
    List<SearchColumn> groups =
        COLUMNS.stream().filter(column -> grouping.contains(column.name())).toList();
    String names = groups.stream().map(SearchColumn::sql).collect(Collectors.joining(", "));
    return jdbc.sql(
            "SELECT %s, sum(jobs) FROM %s %s GROUP BY %s HAVING sum(jobs) <> 0"
                .formatted(names, BOTH, conditions.where(), names))
        .params(conditions.values())
        .query(
            (row, n) -> {
              Map<String, @Nullable Object> group = new LinkedHashMap<>();
              for (int i = 0; i < groups.size(); i++) {
                group.put(groups.get(i).name(), row.getString(i + 1));
              }
              group.put("count", row.getLong(groups.size() + 1));
              return group;
            })
        .list();
  }

  /** Adds up what has changed. */
  void fold() {
    int folded =
        jdbc.sql(
                """
                WITH changes AS (DELETE FROM jobs.tally_change RETURNING *),
                sums AS (SELECT %1$s, sum(jobs) AS jobs FROM changes GROUP BY %1$s HAVING sum(jobs) <> 0)
                INSERT INTO jobs.tally AS t SELECT * FROM sums ORDER BY %1$s
                ON CONFLICT (%1$s) DO UPDATE SET jobs = t.jobs + excluded.jobs
                """
                    .formatted(KEYS))
            .update();
    if (folded > 0) {
      jdbc.sql("DELETE FROM jobs.tally WHERE jobs = 0").update();
    }
  }
}
