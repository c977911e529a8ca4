package org.spinor.plugins.grid;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.grid.pki.PemCredential;

/**
 * The proxy that jobs get: one for all of them, made anew when its end comes near. Those of jobs
 * that run are renewed; the service forgets the others by itself.
 */
public final class ProxyKeeper {
  private static final Duration BETWEEN_RENEWALS = Duration.ofMinutes(10);

  private final X509Access access;
  private final ProxyDelegations delegations;
  private final InstantSource clock;
  private @Nullable Current current;
  private Instant renewed = Instant.EPOCH;

  private record Current(String id, Instant expires) {}

  public ProxyKeeper(X509Access access, ProxyDelegations delegations, InstantSource clock) {
    this.access = access;
    this.delegations = delegations;
    this.clock = clock;
  }

  /**
   * The delegation for new jobs.
   *
   * @param margin that it shall live at least, as far as the credential does
   */
  public synchronized String current(Duration margin, Deadline deadline) {
    Instant now = clock.instant();
    if (current == null || !current.expires().isAfter(now.plus(margin))) {
      PemCredential signer = access.signer();
      // Otherwise the credential itself lives no longer: nothing better can be had.
      if (current == null || !current.expires().equals(signer.expires())) {
        current = new Current(delegations.create(signer, now, deadline), signer.expires());
      }
    }
    return current.id();
  }

  /** The service does not know it any more. */
  public synchronized void forget(String id) {
    if (current != null && current.id().equals(id)) {
      current = null;
    }
  }

  /**
   * Renews proxies that have less left than the margin; looks at them every ten minutes at most.
   *
   * @param used numbers of the delegations of jobs that run
   */
  public synchronized void renew(
      Supplier<? extends Collection<String>> used, Duration margin, Deadline deadline) {
    Instant now = clock.instant();
    if (now.isBefore(renewed.plus(BETWEEN_RENEWALS))) {
      return;
    }
    PemCredential signer = access.signer();
    for (String id : used.get()) {
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
