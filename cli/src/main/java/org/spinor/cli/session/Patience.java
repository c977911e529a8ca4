package org.spinor.cli.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.client.ServerUnreachableException;

/**
 * Puts up with a server that is away for a while, as when it is restarted: whoever watches
 * something for hours must not give up for that.
 */
public final class Patience {
  private final Clock clock;
  private final Duration limit;
  private @Nullable Instant since;

  /**
   * @param limit how long the server may be away without a break
   */
  public Patience(Clock clock, Duration limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /**
   * Asks the server.
   *
   * @return empty where it is away and the limit is not reached
   */
  public <T> Optional<T> ask(Supplier<T> question) {
    try {
      T answer = question.get();
      since = null;
      return Optional.of(answer);
    } catch (ServerUnreachableException e) {
      endure(e);
    } catch (SpinorException e) {
      if (e.code().kind() != ErrorCode.Kind.INTERNAL
          && e.code().kind() != ErrorCode.Kind.RESOURCE
          && e.code().kind() != ErrorCode.Kind.EXTERNAL) {
        throw e;
      }
      endure(e);
    }
    return Optional.empty();
  }

  private void endure(RuntimeException fault) {
    Instant now = clock.instant();
    Instant began = since;
    if (began == null) {
      since = now;
    } else if (Duration.between(began, now).compareTo(limit) > 0) {
      throw fault;
    }
  }
}
