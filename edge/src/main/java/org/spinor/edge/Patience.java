package org.spinor.edge;

import java.time.Duration;

/** How long somebody waits for an answer. */
interface Patience {
  /** Whether nobody waits any more. */
  boolean over();

  /** Time until the end at the latest; zero or less: it is over. */
  Duration left();

  /** Ends after a time. */
  static Patience of(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    return new Patience() {
      @Override
      public boolean over() {
        return System.nanoTime() - end >= 0;
      }

      @Override
      public Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
      }
    };
  }
}
