package org.spinor.server.pilots.agents;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.spinor.server.pilots.PilotsProperties;
import org.springframework.stereotype.Component;

/**
 * How often pilots may come. Idle ones are most of the load of a server whose line is empty: the
 * longer a pilot has asked in vain, the later it may ask again. Kept in memory: after a restart it
 * begins anew.
 */
@Component
final class Pace {
  private final Clock clock;
  private final PilotsProperties properties;
  private final Cache<String, Instant> idleSince;

  Pace(Clock clock, PilotsProperties properties) {
    this.clock = clock;
    this.properties = properties;
    Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    this.idleSince =
        Caffeine.newBuilder()
            .ticker(ticker)
            .expireAfterAccess(properties.longestWait().multipliedBy(5))
            .maximumSize(1_000_000)
            .build();
  }

  /** The pilot got nothing: it waits a fifth of the time that it waits already, at least 1 s. */
  int waitSeconds(String stamp) {
    Instant now = clock.instant();
    Instant since = idleSince.get(stamp, _ -> now);
    long idle = Duration.between(since, now).toSeconds();
    return Math.toIntExact(
        Math.clamp(idle / 5, 1, Math.max(1, properties.longestWait().toSeconds())));
  }

  /** The pilot got work. */
  void busy(String stamp) {
    idleSince.invalidate(stamp);
  }

  Duration payloadTokenLife() {
    return properties.payloadTokenLife();
  }
}
