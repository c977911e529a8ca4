package org.spinor.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.TestDatabase;

class TasksTest {
  private final TestDatabase database = TestDatabase.fresh();
  private final List<Server> servers = new ArrayList<>();

  @AfterEach
  void close() {
    servers.forEach(Server::close);
    database.close();
  }

  @Test
  void runsWhatIsCommittedWithinMilliseconds() throws Exception {
    ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    Server server = server("a", handler("test.note", done::add));
    server.start();
    Thread.sleep(200);

    // far less than the time after which tasks are looked for unasked; the fastest counts
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 5 && fastest >= 2000; i++) {
      String note = "note " + i;
      long began = System.nanoTime();
      database.transactions().run(() -> server.tasks.add("test.note", note));
      until(() -> done.contains(note));
      fastest = Math.min(fastest, Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
    assertThat(fastest).isLessThan(2000);
    until(() -> count("true") == 0);
  }

  @Test
  void whatIsRolledBackNeverRuns() {
    ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    Server server = server("a", handler("test.note", done::add)).start();

    assertThatThrownBy(
            () ->
                database
                    .transactions()
                    .run(
                        () -> {
                          server.tasks.add("test.note", "never");
                          throw new IllegalStateException("no");
                        }))
        .hasMessage("no");
    server.tasks.add("test.note", "after");

    until(() -> done.contains("after"));
    assertThat(done).containsExactly("after");
  }

  @Test
  void anotherServerTakesOverWhenALeaseRunsOut() {
    CountDownLatch never = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> began = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    Server dead =
        server(
                "dead",
                handler(
                    "test.note",
                    payload -> {
                      began.add(payload);
                      await(never);
                    }))
            .start();
    dead.tasks.add("test.note", "one");
    until(() -> !began.isEmpty());

    Server alive = server("alive", handler("test.note", done::add)).start();
    until(
        () -> {
          leaseRunsOut("dead");
          alive.workers.wake();
          return done.contains("one");
        });
    until(() -> count("true") == 0);
    never.countDown();
  }

  @Test
  void whoLostHisLeaseCannotSign() {
    CountDownLatch go = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> began = new ConcurrentLinkedQueue<>();
    CountDownLatch second = new CountDownLatch(1);
    Server slow =
        server(
                "slow",
                handler(
                    "test.note",
                    payload -> {
                      began.add(payload);
                      await(go);
                    }))
            .start();
    slow.tasks.add("test.note", "one");
    until(() -> !began.isEmpty());
    Server other = server("other", handler("test.note", payload -> await(second))).start();
    until(
        () -> {
          leaseRunsOut("slow");
          other.workers.wake();
          return count("leased_by = 'other'") == 1;
        });

    go.countDown();
    until(() -> slow.idle());

    assertThat(count("leased_by = 'other' AND state = 'running'")).isOne();
    second.countDown();
    until(() -> count("true") == 0);
  }

  @Test
  void aServerThatComesBackGoesOnAtOnce() {
    execute(
        "INSERT INTO tasks.task (type, payload, state, lease_until, leased_by, claim, tries) VALUES ('test.note', 'held', 'running', now() + interval '1 hour', 'a', 1, 1)");
    ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();

    server("a", handler("test.note", done::add)).start();

    until(() -> done.contains("held"));
  }

  @Test
  void recurrentWorkRunsOncePerPeriodOverTwoServers() {
    AtomicInteger runs = new AtomicInteger();
    TaskHandler often =
        recurrent("test.often", Duration.ofMillis(300), payload -> runs.incrementAndGet());
    long began = System.nanoTime();
    server("a", often).start();
    server("b", often).start();

    until(() -> runs.get() >= 5);

    int counted = runs.get(); // before the time is taken: whatever runs later does not count
    long periods = Duration.ofNanos(System.nanoTime() - began).toMillis() / 300 + 1;
    assertThat(counted).isLessThanOrEqualTo((int) periods);
    assertThat(count("recurrent")).isOne();
  }

  @Test
  void recurrentWorkIsWokenAndRunsAgainWhenWokenMeanwhile() {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    Server server =
        server(
                "a",
                recurrent(
                    "test.rare",
                    Duration.ofHours(1),
                    payload -> {
                      if (runs.incrementAndGet() == 2) {
                        await(go);
                      }
                    }))
            .start();
    until(() -> runs.get() == 1 && count("state = 'waiting'") == 1);
    server.tasks.wake("test.rare");
    until(() -> runs.get() == 2);
    server.tasks.wake("test.rare");
    until(() -> count("again") == 1);
    go.countDown();

    until(() -> runs.get() == 3);
    until(() -> count("state = 'waiting' AND run_at > now() + interval '50 minutes'") == 1);
  }

  @Test
  void failuresAreTriedAgainAndEndAsDeadLettersThatCanBeRetried() {
    List<Long> tries = new CopyOnWriteArrayList<>();
    Server server =
        server(
                "a",
                new TestHandler(
                    "test.bad",
                    payload -> {
                      tries.add(System.nanoTime());
                      if (tries.size() < 3) {
                        throw new IllegalStateException("no\0luck", new RuntimeException("deep"));
                      }
                    },
                    Optional.empty(),
                    2))
            .start();
    server.tasks.add("test.bad", "{}");
    until(() -> count("state = 'dead'") == 1);
    assertThat(Duration.ofNanos(tries.get(1) - tries.get(0)))
        .as("not at once")
        .isGreaterThan(Duration.ofMillis(400));

    TaskView dead = server.desk.list("dead", 10).getFirst();
    assertThat(dead.lastError()).contains("no luck").contains("deep");
    assertThat(server.desk.counts())
        .anyMatch(count -> count.state().equals("dead") && count.count() == 1);
    server.desk.retry(dead.id());

    until(() -> count("true") == 0);
    assertThat(tries).hasSize(3);
    assertThatThrownBy(() -> server.desk.retry(dead.id()))
        .isInstanceOf(SpinorException.class)
        .hasMessage("no task " + dead.id());
  }

  @Test
  void recurrentWorkNeverDies() {
    AtomicInteger runs = new AtomicInteger();
    server(
            "a",
            recurrent(
                "test.sick",
                Duration.ofMillis(1),
                payload -> {
                  runs.incrementAndGet();
                  throw new IllegalStateException("sick");
                }))
        .start();

    until(() -> runs.get() > 15);
    assertThat(count("state = 'dead'")).isZero();
  }

  @Test
  void delayedWorkRunsWhenItsTimeHasCome() {
    ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    Server server = server("a", handler("test.note", done::add)).start();
    long began = System.nanoTime();

    server.tasks.addIn(Duration.ofMillis(700), "test.note", "later");

    until(() -> done.contains("later"));
    assertThat(Duration.ofNanos(System.nanoTime() - began).toMillis()).isGreaterThanOrEqualTo(690L);
  }

  @Test
  void aFloodOfOneTypeDoesNotDelayAnother() {
    ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    CountDownLatch never = new CountDownLatch(1);
    Server server =
        server("a", handler("test.flood", payload -> await(never)), handler("test.note", done::add))
            .start();
    server.tasks.addAll("test.flood", IntStream.range(0, 500).mapToObj(String::valueOf).toList());
    until(() -> count("state = 'running'") == 4);

    server.tasks.add("test.note", "quick");

    until(() -> done.contains("quick"));
    never.countDown();
  }

  @Test
  void workIsSharedAndDoneOnce() {
    ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    Server a = server("a", handler("test.note", done::add)).start();
    server("b", handler("test.note", done::add)).start();

    a.tasks.addAll("test.note", IntStream.range(0, 2000).mapToObj(String::valueOf).toList());

    until(() -> count("true") == 0);
    assertThat(done).hasSize(2000).doesNotHaveDuplicates();
  }

  @Test
  void aServerThatStopsGivesBackWhatItDidNotFinish() {
    CountDownLatch never = new CountDownLatch(1);
    Server server = server("a", handler("test.note", payload -> await(never))).start();
    server.tasks.add("test.note", "one");
    until(() -> count("state = 'running'") == 1);

    server.workers.close();

    assertThat(count("state = 'waiting' AND tries = 0 AND run_at <= now()")).isOne();
  }

  @Test
  void onlyTasksThatRestCanBeThrownAway() {
    Server server = server("a", recurrent("test.rare", Duration.ofHours(1), payload -> {}));
    server.start();
    until(() -> count("recurrent AND state = 'waiting' AND run_at > now()") == 1);
    long id = server.desk.list("waiting", 1).getFirst().id();

    assertThatThrownBy(() -> server.desk.delete(id)).hasMessageContaining("recurrent");
    server.tasks.addIn(Duration.ofHours(1), "test.rare", "{}");
    server.desk.delete(server.desk.list("waiting", 10).getLast().id());
    assertThat(count("true")).isOne();
  }

  /** One server's share of the tasks, without the rest of it. */
  private final class Server {
    final TaskSignals signals;
    final TaskWorkers workers;
    final Tasks tasks;
    final TaskDesk desk;
    final Notifications ears = database.anotherListener();

    Server(String name, TaskHandler... handlers) {
      TaskTable table = new TaskTable(database.jdbc(), name);
      signals = new TaskSignals(ears, table);
      workers = new TaskWorkers(table, List.of(handlers));
      tasks = new TaskList(table, signals);
      desk = new TaskDesk(database.jdbc(), signals);
    }

    Server start() {
      workers.start();
      signals.start(workers::wake);
      return this;
    }

    boolean idle() {
      return workers.running() == 0;
    }

    void close() {
      signals.close();
      workers.close();
      ears.close();
    }
  }

  private Server server(String name, TaskHandler... handlers) {
    Server server = new Server(name, handlers);
    servers.add(server);
    return server;
  }

  private record TestHandler(
      String type, Consumer<String> work, Optional<Duration> every, int maxTries)
      implements TaskHandler {
    @Override
    public void run(String payload) {
      work.accept(payload);
    }
  }

  private static TaskHandler handler(String type, Consumer<String> work) {
    return new TestHandler(type, work, Optional.empty(), 10);
  }

  private static TaskHandler recurrent(String type, Duration every, Consumer<String> work) {
    return new TestHandler(type, work, Optional.of(every), 10);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(300, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** To be repeated until another server has the task: its holder may just have renewed it. */
  private void leaseRunsOut(String server) {
    execute(
        "UPDATE tasks.task SET lease_until = now() - interval '1 second' WHERE leased_by = '%s'"
            .formatted(server));
  }

  private long count(String condition) {
    return database
        .jdbc()
        .sql("SELECT count(*) FROM tasks.task WHERE " + condition)
        .query(Long.class)
        .single();
  }

  private void execute(String sql) {
    database.jdbc().sql(sql).update();
  }
}
