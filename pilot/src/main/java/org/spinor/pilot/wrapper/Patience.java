package org.spinor.pilot.wrapper;

import java.time.Duration;

/** How long a wrapper waits for the server once its payload is over. Thread-safe. */
final class Patience {
  private volatile long deadlineNanos;

  Patience(Duration fromNow) {
    deadlineNanos = System.nanoTime() + fromNow.toNanos();
  }

  /** Nothing ends it yet. */
  static Patience endless() {
    return new Patience(Duration.ofDays(10_000));
  }

  /** Waits from now on no longer than this. */
  void shorten(Duration fromNow) {
    long sooner = System.nanoTime() + fromNow.toNanos();
    if (sooner - deadlineNanos < 0) {
      deadlineNanos = sooner;
    }
  }

  boolean over() {
    return System.nanoTime() - deadlineNanos >= 0;
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }
}
