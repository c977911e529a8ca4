package org.spinor.plugins.computing.batch;

import java.time.Duration;
import org.spinor.spi.TemporaryException;

/** How much of a call's time is left. */
final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  /**
   * What is left.
   *
   * @throws TemporaryException nothing is
   */
  Duration left() {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new TemporaryException("no time is left for what remains to be done");
    }
    return Duration.ofNanos(left);
  }

  /** Waits, but not beyond the end; says whether anything is left then. */
  boolean pause(Duration pause) {
    try {
      long left = end - System.nanoTime();
      Thread.sleep(Duration.ofNanos(Math.max(0, Math.min(pause.toNanos(), left))));
      return !isOver();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted", e);
    }
  }
}
