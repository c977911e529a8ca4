package org.spinor.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.SpinorException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class EmbeddedPostgresTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void killedUnderLoadItComesBackAndNothingIsLostOrDoneTwice() throws Exception {
    AtomicInteger done = new AtomicInteger();
    AtomicInteger unknown = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    try (EmbeddedPostgres postgres = new EmbeddedPostgres(folder, true);
        HikariDataSource pool = pool(postgres)) {
      JdbcClient jdbc = JdbcClient.create(pool);
      jdbc.sql("CREATE TABLE counted (n int)").update();
      Transactions transactions = new Transactions(new JdbcTransactionManager(pool));
      Runnable counting =
          () -> {
            while (!stop.get()) {
              try {
                transactions.run(() -> jdbc.sql("INSERT INTO counted VALUES (1)").update());
                done.incrementAndGet();
              } catch (RuntimeException e) {
                unknown.incrementAndGet();
              }
            }
          };
      List<Future<?>> workers = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 4; i++) {
          workers.add(threads.submit(counting));
        }
        waitFor(done, 50);
        long pid = postgres.pid().orElseThrow();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        int before = done.get();
        waitFor(done, before + 200);
        assertThat(postgres.pid().orElseThrow()).isNotEqualTo(pid);
        stop.set(true);
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
      int counted = jdbc.sql("SELECT count(*) FROM counted").query(Integer.class).single();
      assertThat(counted).isBetween(done.get(), done.get() + unknown.get());
      assertThat(unknown.get()).as("only commits in flight are uncertain").isLessThanOrEqualTo(8);
    }
  }

  @Test
  void aPidFileOfAnotherTimeIsForgotten() throws Exception {
    new EmbeddedPostgres(folder, false).close();
    Path data = folder.resolve("postgres");
    Files.writeString(
        data.resolve("postmaster.pid"),
        "%d\n%s\n1700000000\n5432\n\n127.0.0.1\n\nready\n"
            .formatted(ProcessHandle.current().pid(), data));

    try (EmbeddedPostgres postgres = new EmbeddedPostgres(folder, false);
        HikariDataSource pool = pool(postgres)) {
      assertThat(JdbcClient.create(pool).sql("SELECT 1").query(Integer.class).single()).isOne();
    }
  }

  @Test
  void aFirstStartThatWasCutShortStartsOver() throws Exception {
    Path half = folder.resolve("postgres.new").resolve("cluster");
    Files.createDirectories(half.resolve("base"));
    Files.writeString(half.resolve("PG_VERSION"), "18\n");

    try (EmbeddedPostgres postgres = new EmbeddedPostgres(folder, false)) {
      assertThat(postgres.pid()).isPresent();
    }
    assertThat(folder.resolve("postgres.new")).doesNotExist();
  }

  @Test
  void whyItDoesNotStartIsTold() throws Exception {
    new EmbeddedPostgres(folder, false).close();
    Files.writeString(folder.resolve("postgres").resolve("operator.conf"), "shared_bufers = 1GB\n");

    assertThatThrownBy(() -> new EmbeddedPostgres(folder, false))
        .isInstanceOfSatisfying(
            SpinorException.class,
            e ->
                assertThat(String.join("\n", e.problems()))
                    .contains("unrecognized configuration parameter \"shared_bufers\""));
  }

  private static void waitFor(AtomicInteger counter, int target) throws InterruptedException {
    long end = System.nanoTime() + 120_000_000_000L;
    while (counter.get() < target) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.sleep(5);
    }
  }

  private static HikariDataSource pool(EmbeddedPostgres postgres) {
    return DatabaseConfiguration.pool(
        new Notifications.Login(postgres.jdbcUrl("postgres"), postgres.user(), postgres.password()),
        6);
  }
}
