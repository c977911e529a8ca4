package org.spinor.server.provisioning.queues;

import java.time.Instant;
import java.util.Optional;
import org.spinor.server.pilots.Pilots;

/**
 * What is remembered of a queue.
 *
 * @param deaths pilots in a row that ended without a word
 * @param due whether a queue that failed may be tried again
 */
public record QueueState(
    Pilots.Queue queue,
    Breaker breaker,
    int failures,
    int deaths,
    boolean due,
    Optional<Instant> retryAt,
    Optional<String> lastError,
    Optional<Instant> lastErrorAt,
    String fingerprint) {

  /** Whether anything is sent there. */
  public enum Breaker {
    CLOSED("closed"),
    OPEN("open"),
    HALF_OPEN("half-open");

    private final String wire;

    Breaker(String wire) {
      this.wire = wire;
    }

    public String wire() {
      return wire;
    }

    static Breaker of(String wire) {
      for (Breaker breaker : values()) {
        if (breaker.wire.equals(wire)) {
          return breaker;
        }
      }
      throw new IllegalArgumentException(wire);
    }
  }

  public static QueueState fresh(Pilots.Queue queue) {
    return new QueueState(
        queue,
        Breaker.CLOSED,
        0,
        0,
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  /** Whether it may be called now. */
  public boolean callable() {
    return breaker != Breaker.OPEN || due;
  }
}
