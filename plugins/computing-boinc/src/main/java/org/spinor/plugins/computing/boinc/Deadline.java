package org.spinor.plugins.computing.boinc;

import java.time.Duration;
import org.spinor.spi.TemporaryException;

/** When a call has to be over. */
final class Deadline {
  private final long end;

  Deadline(Duration time) {
    this.end = System.nanoTime() + time.toNanos();
  }

  /**
   * @throws TemporaryException nothing is left
   */
  Duration left() {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new TemporaryException("no time is left");
    }
    return Duration.ofNanos(left);
  }
}
