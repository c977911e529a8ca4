package org.spinor.server.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** So many requests of one address within a window; for routes that leave rows behind. */
public final class RequestRate {
  private record Seen(Instant first, int count) {}

  private static final int ADDRESSES = 100_000;

  private final int allowed;
  private final Duration window;
  private final Clock clock;
  private final Cache<String, Seen> seen;

  public RequestRate(int allowed, Duration window, Clock clock) {
    this.allowed = allowed;
    this.window = window;
    this.clock = clock;
    this.seen = Caffeine.newBuilder().maximumSize(ADDRESSES).expireAfterWrite(window).build();
  }

  /** Whether the address has spent all it may. */
  boolean isSpent(String address) {
    Seen before = seen.getIfPresent(address);
    return before != null
        && before.count() >= allowed
        && clock.instant().isBefore(before.first().plus(window));
  }

  public void count(String address) {
    Instant now = clock.instant();
    seen.asMap()
        .compute(
            address,
            (any, before) ->
                before == null || !now.isBefore(before.first().plus(window))
                    ? new Seen(now, 1)
                    : new Seen(before.first(), before.count() + 1));
  }

  /**
   * Counts one.
   *
   * @throws SpinorException 429
   */
  public void take(String address) {
    requireSome(address);
    count(address);
  }

  /**
   * @throws SpinorException 429
   */
  public void requireSome(String address) {
    if (isSpent(address)) {
      throw new SpinorException(
          ErrorCode.TOO_MANY_REQUESTS, "Too many requests; try again in some minutes");
    }
  }
}
