package org.spinor.plugins.computing.arc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.computing.arc.pki.PemCredential;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.Deadline;
import org.spinor.plugins.computing.arc.rest.Delegations;
import org.spinor.spi.Credential;

/**
 * The delegation that jobs get: one for all of them, made anew when its end comes near. Those of
 * jobs that run are renewed; the service forgets the others by itself.
 */
final class DelegationKeeper {
  private static final Duration BETWEEN_RENEWALS = Duration.ofMinutes(10);

  /** Where an issuer does not tell how long its tokens live. */
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

  private final Identity identity;
  private final ArcRest rest;
  private final Delegations delegations;
  private final ArcSettings.Delegation kind;
  private final InstantSource clock;
  private @Nullable Current current;
  private Instant renewed = Instant.EPOCH;

  private record Current(String id, Instant expires) {}

  DelegationKeeper(
      Identity identity, ArcRest rest, ArcSettings.Delegation kind, InstantSource clock) {
    this.identity = identity;
    this.rest = rest;
    this.delegations = new Delegations(rest);
    this.kind = kind;
    this.clock = clock;
  }

  /** The delegation for new jobs; empty: none is wanted. */
  synchronized Optional<String> current(Duration margin, Deadline deadline) {
    Instant now = clock.instant();
    if (current != null && current.expires().isAfter(now.plus(margin))) {
      return Optional.of(current.id());
    }
    return switch (kind) {
      case NONE -> Optional.empty();
      case X509 -> {
        PemCredential signer = identity.signer();
        if (current == null || !current.expires().equals(signer.expires())) {
          current = new Current(delegations.create(signer, now, deadline), signer.expires());
        }
        // Otherwise the credential itself lives no longer: nothing better can be had.
        yield Optional.of(current.id());
      }
      case TOKEN -> {
        Credential.Token token = identity.fetchToken();
        Instant expires = token.expires().orElse(now.plus(TOKEN_LIFE));
        current = new Current(delegations.createToken(token.value(), deadline), expires);
        yield Optional.of(current.id());
      }
    };
  }

  /** Renews the proxies of these jobs that have less left than the margin. */
  synchronized void renew(Collection<String> jobs, Duration margin, Deadline deadline) {
    Instant now = clock.instant();
    if (kind != ArcSettings.Delegation.X509 || now.isBefore(renewed.plus(BETWEEN_RENEWALS))) {
      return;
    }
    PemCredential signer = identity.signer();
    for (String id : rest.delegationsOf(jobs, deadline)) {
      Optional<Instant> expires = delegations.expires(id, deadline);
      if (expires.isPresent()
          && expires.get().isBefore(now.plus(margin))
          && expires.get().isBefore(signer.expires())) {
        delegations.renew(id, signer, now, deadline);
        if (current != null && current.id().equals(id)) {
          current = new Current(id, signer.expires());
        }
      }
    }
    renewed = now;
  }
}
