package org.spinor.plugins.grid;

import java.time.Duration;
import org.spinor.spi.TemporaryException;

/** How much of a call's time is left. */
public final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  public boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  /**
   * What is left.
   *
   * @throws TemporaryException nothing is
   */
  public Duration left() {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new TemporaryException("no time is left for what remains to be done");
    }
    return Duration.ofNanos(left);
  }
}
