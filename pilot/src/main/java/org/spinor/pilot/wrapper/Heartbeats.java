package org.spinor.pilot.wrapper;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobCommand;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.link.JobLink;
import org.spinor.pilot.log.Log;

/**
 * Sends what is measured of a running payload, in time and when asked, from a thread of its own: a
 * slow server must not hold the watchdog. One that does not arrive is not repeated, the next is
 * newer.
 */
final class Heartbeats implements AutoCloseable {
  private final JobLink link;
  private final Duration interval;
  private final Supplier<HeartbeatData> data;
  private final Consumer<JobCommand> onCommand;
  private final Runnable onStale;
  private final Log log;
  private final Semaphore asked = new Semaphore(0);
  private volatile boolean closed;
  private boolean failing;

  Heartbeats(
      JobLink link,
      Duration interval,
      Supplier<HeartbeatData> data,
      Consumer<JobCommand> onCommand,
      Runnable onStale,
      Log log) {
    this.link = link;
    this.interval = interval;
    this.data = data;
    this.onCommand = onCommand;
    this.onStale = onStale;
    this.log = log;
    Thread.ofVirtual().name("heartbeat " + link.attempt()).start(this::beat);
  }

  /** Sends one now. */
  void now() {
    asked.release();
  }

  private void beat() {
    try {
      while (!closed) {
        send();
        if (asked.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS)) {
          asked.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() {
    try {
      link.heartbeat(data.get()).forEach(onCommand);
      failing = false;
    } catch (RuntimeException e) {
      if (Fault.of(e) == Fault.STALE) {
        closed = true;
        onStale.run();
      } else if (!failing) {
        failing = true;
        log.warn("a heartbeat did not arrive: " + e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    asked.release();
  }
}
