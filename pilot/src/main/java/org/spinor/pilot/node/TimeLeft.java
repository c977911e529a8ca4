package org.spinor.pilot.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How long the slot lasts: what the batch system says, what the pilot was told, whichever is less.
 * The batch system is asked every few minutes only; between, the time counts down. Thread-safe.
 */
public final class TimeLeft {
  private static final Duration ASK_EVERY = Duration.ofMinutes(5);

  private final Host host;
  private final InstantSource clock;
  private final Instant start;
  private final Optional<Duration> told;
  private Instant asked = Instant.MIN;
  private Optional<Instant> end = Optional.empty();

  /**
   * @param start when the slot began
   * @param told length of the slot; empty: not told
   */
  public TimeLeft(Host host, InstantSource clock, Instant start, Optional<Duration> told) {
    this.host = host;
    this.clock = clock;
    this.start = start;
    this.told = told;
  }

  /** When the slot ends; empty: not known, or never. */
  public synchronized Optional<Instant> end() {
    Instant now = clock.instant();
    if (asked.equals(Instant.MIN) || now.isAfter(asked.plus(ASK_EVERY))) {
      asked = now;
      Optional<Duration> batch =
          BatchSystem.detect(host)
              .flatMap(system -> system.timeLeft(host, now, Duration.between(start, now)));
      Optional<Duration> limit = told.map(length -> Duration.between(now, start.plus(length)));
      end = BatchSystem.least(batch, limit).map(now::plus);
    }
    return end;
  }

  /** What is left now, not negative; empty: not known, or no end. */
  public Optional<Duration> left() {
    return end()
        .map(
            last -> {
              Duration left = Duration.between(clock.instant(), last);
              return left.isNegative() ? Duration.ZERO : left;
            });
  }
}
