package org.spinor.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.server.database.Partitions.Span;

class PartitionsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private final Partitions partitions = new Partitions(DATABASE.jdbc(), DATABASE.transactions());

  @BeforeEach
  void table() {
    execute("DROP SCHEMA IF EXISTS diary CASCADE");
    execute("CREATE SCHEMA diary");
    execute(
        """
        CREATE TABLE diary.entry (
          id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, text text NOT NULL DEFAULT 'x')
        PARTITION BY RANGE (at)
        """);
    execute("CREATE INDEX ON diary.entry (at)");
    execute("CREATE TABLE diary.entry_rest PARTITION OF diary.entry DEFAULT");
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void makesThePresentOneAndThoseAhead() {
    partitions.ensure("diary.entry", Span.DAILY, 3);
    partitions.ensure("diary.entry", Span.DAILY, 3);

    assertThat(names()).hasSize(4).allMatch(name -> name.matches("entry_p\\d{8}_\\d{8}"));
    execute(
        "INSERT INTO diary.entry (at) SELECT now() + n * interval '1 day' FROM generate_series(0, 3) n");
    assertThat(count("diary.entry_rest")).isZero();
    assertThat(count("diary.entry")).isEqualTo(4);
  }

  @Test
  void movesWhatTheDefaultPartitionHolds() {
    execute(
        "INSERT INTO diary.entry (at) SELECT now() + n * interval '1 day' FROM generate_series(0, 40) n");

    partitions.ensure("diary.entry", Span.DAILY, 3);

    assertThat(count("diary.entry_rest")).isEqualTo(37);
    assertThat(count("diary.entry")).isEqualTo(41);
    execute("INSERT INTO diary.entry (at) VALUES (now())");
    assertThat(count("diary.entry")).isEqualTo(42);
  }

  @Test
  void rowThatWaitedForANewPartitionGoesIntoIt() throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<?> writing =
          DATABASE
              .transactions()
              .in(
                  () -> {
                    partitions.ensure("diary.entry", Span.DAILY, 1);
                    Future<?> begun =
                        other.submit(
                            () ->
                                DATABASE
                                    .transactions()
                                    .run(
                                        () ->
                                            execute(
                                                "INSERT INTO diary.entry (at) VALUES (now())")));
                    awaitWaitingLock();
                    return begun;
                  });
      writing.get();
    }
    assertThat(count("diary.entry_rest")).isZero();
    assertThat(count("diary.entry")).isEqualTo(1);
  }

  private static void awaitWaitingLock() {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (count("pg_locks WHERE NOT granted AND relation = 'diary.entry_rest'::regclass") == 0) {
      assertThat(System.nanoTime()).as("the other waits").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void anotherSpanContinuesWhereTheFirstEnds() {
    partitions.ensure("diary.entry", Span.DAILY, 3);
    partitions.ensure("diary.entry", Span.WEEKLY, 3);
    partitions.ensure("diary.entry", Span.MONTHLY, 2);

    execute(
        "INSERT INTO diary.entry (at) SELECT now() + n * interval '1 hour' FROM generate_series(0, 24 * 60) n");
    assertThat(count("diary.entry_rest")).isZero();
  }

  @Test
  void dropsWhatIsOldAndKeepsTheRest() {
    execute(
        "CREATE TABLE diary.entry_p20200101_20200201 PARTITION OF diary.entry FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-02-01 00:00:00+00')");
    partitions.ensure("diary.entry", Span.WEEKLY, 1);
    execute("INSERT INTO diary.entry (at) VALUES ('2020-01-05'), ('2021-01-05'), (now())");

    int dropped = partitions.dropOlderThan("diary.entry", Duration.ofDays(90));

    assertThat(dropped).isOne();
    assertThat(count("diary.entry")).isOne();
    assertThat(names()).hasSize(2);
  }

  @Test
  void manyServersMayAskAtTheSameTime() throws Exception {
    try (ExecutorService servers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          java.util.stream.IntStream.range(0, 8)
              .<Future<?>>mapToObj(n -> servers.submit(this::ensureAsATaskDoes))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(names()).hasSize(6);
  }

  /** Where the table is busy the call fails and is to be tried again. */
  private void ensureAsATaskDoes() {
    TestDatabase.whileRefused("55P03", () -> partitions.ensure("diary.entry", Span.DAILY, 5));
  }

  private static List<String> names() {
    return DATABASE
        .jdbc()
        .sql(
            """
            SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
             WHERE inhparent = CAST('diary.entry' AS regclass) AND child.relname <> 'entry_rest'
            """)
        .query((row, n) -> row.getString(1))
        .list();
  }

  private static long count(String table) {
    return DATABASE.jdbc().sql("SELECT count(*) FROM " + table).query(Long.class).single();
  }

  private static void execute(String sql) {
    DATABASE.jdbc().sql(sql).update();
  }
}
