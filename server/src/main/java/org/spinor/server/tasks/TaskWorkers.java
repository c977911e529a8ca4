package org.spinor.server.tasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.database.Batcher;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Claims due work and runs it, each task on a virtual thread of its own. One-off tasks share a
 * number of places, of which one type takes only some; recurrent ones need none, so nothing can
 * stand in their way.
 */
final class TaskWorkers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TaskWorkers.class);
  private static final int PLACES = 16;
  private static final Duration SWEEP = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(15);

  private final TaskTable table;
  private final Map<String, TaskHandler> handlers;
  private final Batcher<Task, Boolean> receipts;
  private final Map<Long, Running> running = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> atWork = new ConcurrentHashMap<>();
  private final Semaphore wakeUp = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread dispatcher;
  private final Thread renewer;
  private volatile boolean closed;

  private record Running(Task task, Thread thread) {}

  TaskWorkers(TaskTable table, List<TaskHandler> handlers) {
    this.table = table;
    this.handlers =
        handlers.stream().collect(Collectors.toUnmodifiableMap(TaskHandler::type, each -> each));
    this.receipts =
        new Batcher<>(
            "task-receipts",
            1,
            500,
            done -> {
              Set<Long> held = table.finish(done);
              return done.stream().map(task -> held.contains(task.id())).toList();
            });
    this.dispatcher = Thread.ofVirtual().name("tasks-dispatcher").unstarted(this::dispatch);
    this.renewer = Thread.ofVirtual().name("tasks-renewer").unstarted(this::renew);
  }

  void start() {
    int freed = table.releaseOwn();
    if (freed > 0) {
      log.info("{} tasks that this server held when it died are done again", freed);
    }
    table.register(
        handlers.values().stream()
            .filter(handler -> handler.every().isPresent())
            .map(TaskHandler::type)
            .collect(Collectors.toSet()));
    dispatcher.start();
    renewer.start();
  }

  /** There may be something to do. */
  void wake() {
    if (wakeUp.availablePermits() == 0) {
      wakeUp.release();
    }
  }

  /** Tasks at work on this server now. */
  int running() {
    return running.size();
  }

  private void dispatch() {
    while (!closed) {
      try {
        wakeUp.drainPermits();
        Duration pause = claimAll();
        wakeUp.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        return;
      } catch (DataAccessException | TransactionException e) {
        if (!closed) {
          log.warn("tasks wait for the database: {}", e.getMessage());
          pause();
        }
      } catch (RuntimeException e) {
        log.error("the dispatcher of tasks stumbled", e);
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_TROUBLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Claims until nothing is left that could start now; says when to look again. */
  private Duration claimAll() {
    while (!closed) {
      Map<String, Integer> wanted = room();
      if (wanted.isEmpty()) {
        return SWEEP;
      }
      List<Task> claimed = table.claim(wanted);
      claimed.forEach(this::begin);
      if (claimed.isEmpty()) {
        Duration next = table.untilNext(wanted.keySet()).orElse(SWEEP);
        return next.compareTo(SWEEP) < 0 ? next : SWEEP;
      }
    }
    return SWEEP;
  }

  /** How many tasks of each type may start now. */
  private Map<String, Integer> room() {
    int places = PLACES;
    for (Running each : running.values()) {
      places -= each.task().recurrent() ? 0 : 1;
    }
    List<TaskHandler> inTurn = new ArrayList<>(handlers.values());
    Collections.shuffle(inTurn, ThreadLocalRandom.current());
    Map<String, Integer> wanted = new LinkedHashMap<>();
    for (TaskHandler handler : inTurn) {
      int free = handler.atOnce() - busy(handler.type()).get();
      if (handler.every().isPresent()) {
        if (busy(handler.type()).get() == 0) {
          wanted.put(handler.type(), 1);
        }
      } else if (Math.min(free, places) > 0) {
        wanted.put(handler.type(), Math.min(free, places));
        places -= wanted.get(handler.type());
      }
    }
    return wanted;
  }

  private AtomicInteger busy(String type) {
    return atWork.computeIfAbsent(type, any -> new AtomicInteger());
  }

  private void begin(Task task) {
    busy(task.type()).incrementAndGet();
    Thread thread =
        Thread.ofVirtual().name("task-" + task.type() + "-" + task.id()).unstarted(() -> run(task));
    running.put(task.id(), new Running(task, thread));
    thread.start();
  }

  private void run(Task task) {
    try {
      TaskHandler handler = handlers.get(task.type());
      if (handler != null) {
        work(task, handler);
      }
    } catch (DataAccessException | TransactionException e) {
      log.warn("no receipt for task {} ({}): {}", task.id(), task.type(), e.getMessage());
    } finally {
      running.remove(task.id());
      busy(task.type()).decrementAndGet();
      wake();
    }
  }

  private void work(Task task, TaskHandler handler) {
    try {
      handler.run(task.payload());
    } catch (RuntimeException | Error e) {
      if (closed) {
        return;
      }
      failed(task, handler, e);
      return;
    }
    boolean held =
        handler.every().isPresent()
            ? table.finishRun(task, handler.every().get())
            : receipts.submit(task);
    if (!held) {
      log.warn("task {} ({}) was done after its lease had run out", task.id(), task.type());
    }
  }

  private void failed(Task task, TaskHandler handler, Throwable failure) {
    Duration pause = backOff(task.tries());
    Optional<Duration> every = handler.every();
    boolean last = every.isEmpty() && task.tries() >= handler.maxTries();
    Duration next = every.isPresent() && every.get().compareTo(pause) < 0 ? every.get() : pause;
    table.fail(task, describe(failure), last ? Optional.empty() : Optional.of(next));
    if (last) {
      log.error(
          "task {} ({}) is a dead letter after {} tries",
          task.id(),
          task.type(),
          task.tries(),
          failure);
    } else {
      log.warn(
          "task {} ({}) failed, try {}; again in {} s",
          task.id(),
          task.type(),
          task.tries(),
          next.toSeconds(),
          failure);
    }
  }

  /** One second, doubled with each try, give or take a half so that many do not come as one. */
  static Duration backOff(int tries) {
    long millis = Math.min(LONGEST_BACK_OFF.toMillis(), 1000L << Math.min(20, tries - 1));
    return Duration.ofMillis((long) (millis * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
  }

  private static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure;
        cause != null && text.length() < 4000;
        cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : "\ncaused by ").append(cause);
    }
    return text.toString();
  }

  /** Keeps the leases; whoever lost his is told to stop. */
  private void renew() {
    while (true) {
      try {
        if (closing.await(TaskTable.LEASE.toMillis() / 4, TimeUnit.MILLISECONDS)) {
          return;
        }
        List<Running> now = List.copyOf(running.values());
        if (now.isEmpty()) {
          continue;
        }
        Set<Long> held = table.renew(now.stream().map(Running::task).toList());
        for (Running each : now) {
          if (!held.contains(each.task().id()) && running.containsKey(each.task().id())) {
            log.warn("task {} ({}) lost its lease", each.task().id(), each.task().type());
            each.thread().interrupt();
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (DataAccessException | TransactionException e) {
        log.warn("leases of tasks are not renewed: {}", e.getMessage());
      }
    }
  }

  /** Claims nothing more, lets what runs end for a while, gives back what does not. */
  @Override
  public void close() {
    closed = true;
    // Not interrupted: that would tear the connections they may be using.
    closing.countDown();
    wake();
    join(dispatcher, Duration.ofSeconds(10));
    waitForRunning(Duration.ofSeconds(5));
    List<Running> left = List.copyOf(running.values());
    left.forEach(each -> each.thread().interrupt());
    waitForRunning(Duration.ofSeconds(2));
    try {
      if (!left.isEmpty()) {
        table.giveBack(left.stream().map(Running::task).toList());
      }
    } catch (DataAccessException | TransactionException e) {
      log.warn("unfinished tasks wait until their leases run out: {}", e.getMessage());
    }
    receipts.close();
  }

  private void waitForRunning(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    for (Running each : List.copyOf(running.values())) {
      join(each.thread(), Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }
  }

  private static void join(Thread thread, Duration atMost) {
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(atMost);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
