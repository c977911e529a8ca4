package org.spinor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/** Closed-loop load: each client sends its next request when it has the answer to the last one. */
final class Load {
  private static final int WARM_UP_SECONDS = 45;

  private final ConcurrentHistogram micros = new ConcurrentHistogram(3_600_000_000L, 3);
  private final AtomicLong errors = new AtomicLong();
  private double seconds;

  /** What one client does again and again; false: an error. */
  interface Step {
    boolean run(Wire wire, int client, long round);
  }

  /**
   * Runs the step on so many connections for so long, after a warm-up: a server that runs for
   * months is compiled in its first half minute.
   */
  static Load run(int port, int clients, int seconds, Step step) {
    new Load().go(port, clients, WARM_UP_SECONDS, step);
    Load measured = new Load();
    measured.go(port, clients, seconds, step);
    return measured;
  }

  /** Goes on for so long; what it measures adds up. */
  void go(int port, int clients, double length, Step step) {
    long start = System.nanoTime();
    long end = start + (long) (length * 1e9);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int number = client;
        running.add(threads.submit(() -> loop(port, number, end, step)));
      }
      for (Future<?> client : running) {
        client.get();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client of the benchmark failed", e.getCause());
    }
    seconds += (System.nanoTime() - start) / 1e9;
  }

  private void loop(int port, int client, long end, Step step) {
    try (Wire wire = new Wire(port)) {
      for (long round = 0; System.nanoTime() < end; round++) {
        long before = System.nanoTime();
        boolean good = step.run(wire, client, round);
        micros.recordValue((System.nanoTime() - before) / 1000);
        if (!good) {
          errors.incrementAndGet();
        }
      }
    }
  }

  /** How many answers came, good and bad. */
  long answers() {
    return micros.getTotalCount();
  }

  /** How many of them were bad. */
  long errors() {
    return errors.get();
  }

  double rate() {
    return (micros.getTotalCount() - errors.get()) / seconds;
  }

  /** Rate, percentiles and errors into the figures, in the names of the interface. */
  void into(SequencedMap<String, Object> figures) {
    figures.put("rate", round(rate()));
    figures.put("p50_ms", round(micros.getValueAtPercentile(50) / 1000.0));
    figures.put("p99_ms", round(micros.getValueAtPercentile(99) / 1000.0));
    figures.put("errors", errors.get());
  }

  static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
