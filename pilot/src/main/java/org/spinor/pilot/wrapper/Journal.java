package org.spinor.pilot.wrapper;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.spinor.api.JobStatusUpdate;
import org.spinor.client.Json;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.link.JobLink;
import org.spinor.pilot.log.Log;

/**
 * Everything that is reported of an attempt, in order, kept until the server has it. A thread of
 * its own sends; statuses that wait together go together. While the server is away it tries again
 * and again until it is closed. Each report also stands as a line in a file, for people.
 */
final class Journal implements AutoCloseable {
  private static final int MOST_AT_ONCE = 200;

  /** How long a token that is not taken is tried again: a server may just be starting. */
  private static final Duration DENIED_PATIENCE = Duration.ofMinutes(10);

  private final JobLink link;
  private final Log log;
  private final Backoff backoff;
  private final Runnable onStale;
  private final OutputStream file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Report> waiting = new ArrayDeque<>();
  private long deniedSince;
  private boolean stale;
  private boolean closed;

  /**
   * @param onStale called once when the server says that the attempt has ended
   */
  Journal(JobLink link, Path file, Backoff backoff, Log log, Runnable onStale) throws IOException {
    this.link = link;
    this.log = log;
    this.backoff = backoff;
    this.onStale = onStale;
    this.file = new FileOutputStream(file.toFile(), true);
    Thread.ofVirtual().name("journal " + link.attempt()).start(this::sendAll);
  }

  /** Takes a report; one after the attempt has ended is dropped. */
  void add(Report report) {
    lock.lock();
    try {
      if (stale || closed) {
        return;
      }
      waiting.add(report);
      write(report);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void write(Report report) {
    try {
      String line = report.getClass().getSimpleName() + " " + Json.write(report) + "\n";
      file.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.warn("a report is kept in memory only: " + e.getMessage());
    }
  }

  /** Whether the server refuses this attempt's reports for good. */
  boolean stale() {
    lock.lock();
    try {
      return stale;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the server has every report.
   *
   * @return false where the patience was over before
   */
  boolean flush(Patience patience) throws InterruptedException {
    lock.lock();
    try {
      while (!waiting.isEmpty() && !stale) {
        if (patience.over()) {
          return false;
        }
        changed.awaitNanos(Math.min(patience.left().toNanos(), 500_000_000L));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void sendAll() {
    try {
      for (List<Report> batch = batch(); !batch.isEmpty(); batch = batch()) {
        attempt(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The reports at the front that can be sent in one call; empty when closed. */
  private List<Report> batch() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.await();
      }
      List<Report> batch = new ArrayList<>();
      for (Report report : closed ? List.<Report>of() : waiting) {
        if (!batch.isEmpty() && !(joins(batch.getLast(), report) && batch.size() < MOST_AT_ONCE)) {
          break;
        }
        batch.add(report);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private static boolean joins(Report last, Report next) {
    return last instanceof Report.Status && next instanceof Report.Status;
  }

  private void attempt(List<Report> batch) throws InterruptedException {
    try {
      send(batch);
      if (backoff.failures() > 0) {
        log.info("the server takes reports again");
      }
      backoff.reset();
      deniedSince = 0;
      remove(batch.size());
    } catch (RuntimeException e) {
      failed(batch, e);
    }
  }

  private void send(List<Report> batch) {
    switch (batch.getFirst()) {
      case Report.Status _ -> {
        SortedMap<Instant, JobStatusUpdate> updates = new TreeMap<>();
        for (Report report : batch) {
          if (report instanceof Report.Status status) {
            updates.put(status.time(), status.update());
          }
        }
        link.status(updates);
      }
      case Report.Parameters parameters -> link.parameters(parameters.values());
      case Report.Measurement measurement -> link.heartbeat(measurement.data());
      case Report.Requeue requeue -> link.requeue(requeue.reason());
    }
  }

  private void failed(List<Report> batch, RuntimeException failure) throws InterruptedException {
    switch (Fault.of(failure)) {
      case STALE -> end(failure);
      case REFUSED -> {
        log.error("the server refuses a report, it is dropped: " + failure.getMessage());
        remove(batch.size());
      }
      case DENIED -> {
        deniedSince = deniedSince == 0 ? System.nanoTime() : deniedSince;
        if (System.nanoTime() - deniedSince > DENIED_PATIENCE.toNanos()) {
          end(failure);
        } else {
          pause(failure);
        }
      }
      case TEMPORARY -> pause(failure);
    }
  }

  private void pause(RuntimeException failure) throws InterruptedException {
    if (backoff.failures() == 0) {
      log.warn("a report waits until the server is back: " + failure.getMessage());
    }
    long left = backoff.next().toNanos();
    lock.lock();
    try {
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(int count) {
    lock.lock();
    try {
      for (int i = 0; i < count && !waiting.isEmpty(); i++) {
        waiting.remove();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end(RuntimeException failure) {
    log.warn("the attempt has ended for the server: " + failure.getMessage());
    lock.lock();
    try {
      stale = true;
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onStale.run();
  }

  /** Stops sending; what the server does not have by now is not sent any more. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    file.close();
  }
}
