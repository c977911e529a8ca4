package org.spinor.server.provisioning.cycle;

import java.time.Duration;
import java.util.Optional;
import org.spinor.server.pilots.Pilots;

/**
 * How many pilots may wait at a queue, by how long they wait there: where pilots start at once, all
 * that the configuration allows; where they wait, fewer, so that work is not promised to slots that
 * come late while other queues have some now.
 *
 * @param half where pilots wait so long, half of them may wait; zero: always all
 */
record Patience(Duration half) {
  /** Never fewer than one of so many: starts in a time are those that wait, by their wait. */
  private static final int LEAST_PART = 4;

  /**
   * The mean wait of an exponential distribution, the pilots that still wait counted as far as they
   * have come (Epstein and Sobel's estimate for censored observations).
   *
   * @return empty: no pilot has waited there lately
   */
  static Optional<Duration> expected(Optional<Pilots.Waits> waits) {
    return waits.map(seen -> seen.waited().dividedBy(Math.max(1, seen.starts())));
  }

  /**
   * @param configured so many may wait at most
   * @return at least one, where any may
   */
  int idle(int configured, Optional<Pilots.Waits> waits) {
    Optional<Duration> expected = expected(waits);
    if (half.isZero() || expected.isEmpty() || configured <= 1) {
      return configured;
    }
    double part = (double) half.toMillis() / half.plus(expected.get()).toMillis();
    int least = Math.ceilDiv(configured, LEAST_PART);
    return Math.clamp(Math.round(configured * part), least, configured);
  }
}
