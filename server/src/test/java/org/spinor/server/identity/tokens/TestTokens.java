package org.spinor.server.identity.tokens;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Keys of a test's own; each server that it starts makes and reads tokens with them. */
public final class TestTokens {
  private final IdentityProperties properties =
      new IdentityProperties(
          "http://localhost:8000",
          "",
          Duration.ofMinutes(20),
          Duration.ofHours(8),
          Duration.ofHours(1),
          Set.of("myDIRACClientID"));
  private final Clock clock;
  private final Keys keys;

  public TestTokens(Clock clock) {
    this.clock = clock;
    this.keys = Keys.fixed(SigningKeys.of(KeyFile.fresh(clock.instant())));
  }

  public IdentityProperties properties() {
    return properties;
  }

  public Tokens tokens() {
    return new Tokens(keys, properties.issuer(), clock);
  }

  public TokenReader reader() {
    return new TokenReader(keys, properties.issuer(), clock);
  }
}
