package org.spinor.pilot.link;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between repetitions: doubled from the first to the longest, each shortened at random by up
 * to a half, so that thousands of pilots do not return at the same moment.
 */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private int failures;

  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  /** Counts a failure and says how long to wait. */
  public Duration next() {
    long doubled = first.toMillis() << Math.min(failures, 20);
    failures++;
    long millis = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  public void reset() {
    failures = 0;
  }

  public int failures() {
    return failures;
  }

  /** A pause spread by a fifth in both directions. */
  public static Duration jittered(Duration pause) {
    long millis = pause.toMillis();
    long spread = millis / 5;
    return Duration.ofMillis(
        millis - spread + ThreadLocalRandom.current().nextLong(2 * spread + 1));
  }
}
