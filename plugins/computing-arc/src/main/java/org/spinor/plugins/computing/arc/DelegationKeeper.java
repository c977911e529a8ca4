package org.spinor.plugins.computing.arc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.Delegations;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.ProxyKeeper;
import org.spinor.spi.Credential;

/** The delegation that jobs get: one for all of them, made anew when its end comes near. */
final class DelegationKeeper {
  /** Where an issuer does not tell how long its tokens live. */
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

  private final Identity identity;
  private final ArcRest rest;
  private final Delegations delegations;
  private final ProxyKeeper proxies;
  private final ArcSettings.Delegation kind;
  private final InstantSource clock;
  private @Nullable DelegatedToken token;

  private record DelegatedToken(String id, Instant expires) {}

  DelegationKeeper(
      Identity identity, ArcRest rest, ArcSettings.Delegation kind, InstantSource clock) {
    this.identity = identity;
    this.rest = rest;
    this.delegations = new Delegations(rest);
    this.proxies = new ProxyKeeper(identity.x509(), delegations, clock);
    this.kind = kind;
    this.clock = clock;
  }

  /** The delegation for new jobs; empty: none is wanted. */
  Optional<String> current(Duration margin, Deadline deadline) {
    return switch (kind) {
      case NONE -> Optional.empty();
      case X509 -> Optional.of(proxies.current(margin, deadline));
      case TOKEN -> Optional.of(token(margin, deadline));
    };
  }

  private synchronized String token(Duration margin, Deadline deadline) {
    Instant now = clock.instant();
    if (token == null || !token.expires().isAfter(now.plus(margin))) {
      Credential.Token fetched = identity.fetchToken();
      Instant expires = fetched.expires().orElse(now.plus(TOKEN_LIFE));
      token = new DelegatedToken(delegations.createToken(fetched.value(), deadline), expires);
    }
    return token.id();
  }

  /** Renews the proxies of these jobs that have less left than the margin. */
  void renew(Collection<String> jobs, Duration margin, Deadline deadline) {
    if (kind == ArcSettings.Delegation.X509) {
      proxies.renew(() -> rest.delegationsOf(jobs, deadline), margin, deadline);
    }
  }
}
