package org.spinor.server.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.http.HttpHeaders;

/**
 * Makes guessing of secrets slow: after some failures under a name further tries are refused for a
 * while. What counts as a failure is a 401. Tries run a few at a time, so that a thousand at once
 * cannot slip through before the first has failed, nor take all of the processor.
 */
public final class GuessLimit {
  /**
   * @param value what failures are counted by
   * @param allowed failures within the window
   */
  public record Name(String value, int allowed) {}

  private record Failures(Instant first, int count) {}

  private static final int NAMES = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Duration window;
  private final Clock clock;
  private final Semaphore atOnce;
  private final Cache<String, Failures> failures;

  /**
   * @param window in which failures are counted
   * @param atOnce tries at the same time
   */
  public GuessLimit(Duration window, int atOnce, Clock clock) {
    this.window = window;
    this.clock = clock;
    this.atOnce = new Semaphore(atOnce);
    this.failures = Caffeine.newBuilder().maximumSize(NAMES).expireAfterWrite(window).build();
  }

  /**
   * Lets one try through.
   *
   * @param names the most special one first: a success clears it
   * @throws SpinorException 429 with {@code Retry-After}, or what the try throws
   */
  public <T> T attempt(List<Name> names, HttpServletResponse response, Supplier<T> guess) {
    take(response);
    try {
      names.forEach(name -> requireFew(name, response));
      T result = guess.get();
      failures.invalidate(names.getFirst().value());
      return result;
    } catch (SpinorException e) {
      if (e.code() == ErrorCode.NOT_AUTHENTICATED) {
        names.forEach(this::count);
      }
      throw e;
    } finally {
      atOnce.release();
    }
  }

  private void take(HttpServletResponse response) {
    try {
      if (atOnce.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw tooMany(response, PATIENCE, "Too many logins at once");
  }

  private void requireFew(Name name, HttpServletResponse response) {
    Failures seen = failures.getIfPresent(name.value());
    if (seen == null || seen.count() < name.allowed()) {
      return;
    }
    Duration left = Duration.between(clock.instant(), seen.first().plus(window));
    if (left.isPositive()) {
      throw tooMany(response, left, "Too many failed attempts");
    }
  }

  private void count(Name name) {
    Instant now = clock.instant();
    failures
        .asMap()
        .compute(
            name.value(),
            (any, seen) ->
                seen == null || !now.isBefore(seen.first().plus(window))
                    ? new Failures(now, 1)
                    : new Failures(seen.first(), seen.count() + 1));
  }

  private static SpinorException tooMany(
      HttpServletResponse response, Duration left, String reason) {
    long seconds = left.plusMillis(999).toSeconds();
    response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    return new SpinorException(
        ErrorCode.TOO_MANY_REQUESTS, reason + "; try again in " + seconds + " s");
  }
}
