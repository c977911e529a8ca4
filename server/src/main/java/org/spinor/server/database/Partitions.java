package org.spinor.server.database;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Time-range partitions of tables that grow with time: made ahead, dropped as a whole when old. The
 * room makes its table {@code PARTITION BY RANGE (<a timestamptz>)} with one {@code DEFAULT}
 * partition, which takes rows of times that nobody foresaw; what a new partition should hold is
 * moved there. Partitions are named after their days, {@code <table>_p20261121_20261122}, the end
 * not included, midnight UTC. Days, weeks and months may follow each other in one table.
 *
 * <p>Safe on several servers at the same time. No call waits long for a lock: where the table is
 * busy it fails after three seconds and is to be tried again, as a task is.
 */
public final class Partitions {
  private static final Pattern TABLE = Pattern.compile("([a-z_]+)\\.([a-z][a-z0-9_]*)");
  private static final Pattern NAME = Pattern.compile(".*_p(\\d{8})_(\\d{8})");
  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

  /** How much time one partition holds. */
  public enum Span {
    DAILY,
    /** From Monday. */
    WEEKLY,
    MONTHLY;

    LocalDate start(LocalDate day) {
      return switch (this) {
        case DAILY -> day;
        case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTHLY -> day.withDayOfMonth(1);
      };
    }

    LocalDate next(LocalDate start) {
      return switch (this) {
        case DAILY -> start.plusDays(1);
        case WEEKLY -> start.plusWeeks(1);
        case MONTHLY -> start.plusMonths(1);
      };
    }
  }

  private record Table(String schema, String name) {
    @Override
    public String toString() {
      return schema + "." + name;
    }
  }

  private record Range(LocalDate from, LocalDate to) {
    String bound(LocalDate day) {
      return "'" + day + " 00:00:00+00'";
    }
  }

  private final JdbcClient jdbc;
  private final Transactions transactions;

  public Partitions(JdbcClient jdbc, Transactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * Makes what is missing of the partitions from the present one to so many ahead.
   *
   * @param table with its schema, as {@code jobs.logging}
   */
  public void ensure(String table, Span span, int ahead) {
    Table parent = table(table);
    transactions.run(
        () -> {
          take(parent);
          LocalDate from = span.start(today());
          LocalDate to = from;
          for (int i = 0; i <= ahead; i++) {
            to = span.next(to);
          }
          for (Range gap : gaps(ranges(parent), from, to, span)) {
            create(parent, gap);
          }
        });
  }

  /**
   * Drops the partitions all of whose rows are older, and deletes such rows of the default
   * partition.
   *
   * @return partitions dropped
   */
  public int dropOlderThan(String table, Duration age) {
    Table parent = table(table);
    return transactions.in(
        () -> {
          take(parent);
          LocalDate limit = today().minusDays(age.toDays());
          int dropped = 0;
          for (Range range : ranges(parent)) {
            if (!range.to().isAfter(limit)) {
              jdbc.sql("DROP TABLE " + partition(parent, range)).update();
              dropped++;
            }
          }
          Optional<String> rest = defaultPartition(parent);
          if (rest.isPresent()) {
            jdbc.sql(
                    "DELETE FROM %s WHERE %s < now() - make_interval(secs => :seconds)"
                        .formatted(rest.get(), key(parent)))
                .param("seconds", age.toSeconds())
                .update();
          }
          return dropped;
        });
  }

  private static Table table(String name) {
    Matcher parts = TABLE.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException("expected schema.table, got " + name);
    }
    return new Table(parts.group(1), parts.group(2));
  }

  private void take(Table table) {
    jdbc.sql("SELECT set_config('lock_timeout', '3s', true)").query(String.class).single();
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:table, 7))")
        .param("table", table.toString())
        .query((row, n) -> true)
        .single();
  }

  private LocalDate today() {
    return jdbc.sql("SELECT now()")
        .query(OffsetDateTime.class)
        .single()
        .withOffsetSameInstant(ZoneOffset.UTC)
        .toLocalDate();
  }

  private List<Range> ranges(Table table) {
    List<Range> ranges = new ArrayList<>();
    for (String name :
        jdbc.sql(
                """
                SELECT child.relname
                  FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
                 WHERE inhparent = CAST(:table AS regclass)
                 ORDER BY 1
                """)
            .param("table", table.toString())
            .query(String.class)
            .list()) {
      Matcher days = NAME.matcher(name);
      if (days.matches()) {
        ranges.add(
            new Range(LocalDate.parse(days.group(1), DAY), LocalDate.parse(days.group(2), DAY)));
      }
    }
    return ranges;
  }

  /** What is not covered yet, cut at the borders of the span. */
  private static List<Range> gaps(List<Range> covered, LocalDate from, LocalDate to, Span span) {
    List<Range> gaps = new ArrayList<>();
    LocalDate day = from;
    while (day.isBefore(to)) {
      LocalDate start = day;
      Optional<Range> there =
          covered.stream()
              .filter(range -> !range.from().isAfter(start) && range.to().isAfter(start))
              .findFirst();
      if (there.isPresent()) {
        day = there.get().to();
        continue;
      }
      LocalDate end = span.next(span.start(start));
      for (Range range : covered) {
        if (range.from().isAfter(start) && range.from().isBefore(end)) {
          end = range.from();
        }
      }
      gaps.add(new Range(start, end));
      day = end;
    }
    return gaps;
  }

  /**
   * A table of its own first, then attached: that disturbs neither readers nor writers of the other
   * partitions.
   */
  private void create(Table table, Range range) {
    String name = partition(table, range);
    jdbc.sql(
            "CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION)"
                .formatted(name, table))
        .update();
    Optional<String> rest = defaultPartition(table);
    if (rest.isPresent()) {
      String key = key(table);
      jdbc.sql(
              """
              WITH moved AS (DELETE FROM %s WHERE %s >= %s AND %s < %s RETURNING *)
              INSERT INTO %s SELECT * FROM moved
              """
                  .formatted(
                      rest.get(),
                      key,
                      range.bound(range.from()),
                      key,
                      range.bound(range.to()),
                      name))
          .update();
    }
    jdbc.sql(
            "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)"
                .formatted(table, name, range.bound(range.from()), range.bound(range.to())))
        .update();
  }

  private static String partition(Table table, Range range) {
    return table + "_p" + DAY.format(range.from()) + "_" + DAY.format(range.to());
  }

  private Optional<String> defaultPartition(Table table) {
    return jdbc.sql(
            """
            SELECT CAST(CAST(partdefid AS regclass) AS text)
              FROM pg_partitioned_table
             WHERE partrelid = CAST(:table AS regclass) AND partdefid <> 0
            """)
        .param("table", table.toString())
        .query(String.class)
        .optional();
  }

  private String key(Table table) {
    String definition =
        jdbc.sql("SELECT pg_get_partkeydef(CAST(:table AS regclass))")
            .param("table", table.toString())
            .query(String.class)
            .single();
    return definition.substring(definition.indexOf('(') + 1, definition.lastIndexOf(')'));
  }
}
