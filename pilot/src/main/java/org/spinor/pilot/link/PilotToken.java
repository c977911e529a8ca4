package org.spinor.pilot.link;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spinor.api.TokenResponse;

/**
 * The pilot's access token: had for the secret, renewed when two thirds of its life are over, and
 * after a refusal.
 */
public final class PilotToken implements Supplier<@Nullable String> {
  private final Supplier<TokenResponse> exchange;
  private final InstantSource clock;
  private @Nullable String token;
  private Instant renewAt = Instant.MIN;

  /**
   * @param exchange shows the secret to the server
   */
  public PilotToken(Supplier<TokenResponse> exchange, InstantSource clock) {
    this.exchange = exchange;
    this.clock = clock;
  }

  /**
   * @throws RuntimeException as the calls of {@link ServerLink}: the server is away, or refuses the
   *     secret because the pilot has ended
   */
  @Override
  public synchronized String get() {
    String current = token;
    if (current == null || clock.instant().isAfter(renewAt)) {
      TokenResponse answer = exchange.get();
      current = answer.accessToken();
      token = current;
      renewAt = clock.instant().plus(Duration.ofSeconds(answer.expiresIn() * 2L / 3));
    }
    return current;
  }

  /** The server refused the token: the next call gets another one. */
  public synchronized void forget() {
    token = null;
  }
}
