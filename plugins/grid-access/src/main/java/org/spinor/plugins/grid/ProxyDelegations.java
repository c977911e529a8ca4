package org.spinor.plugins.grid;

import java.time.Instant;
import java.util.Optional;
import org.spinor.plugins.grid.pki.PemCredential;

/** The proxies that a service keeps for jobs: it makes the keys, the server signs. */
public interface ProxyDelegations {
  /** Delegates a new proxy; gives its number. */
  String create(PemCredential signer, Instant now, Deadline deadline);

  /** Puts a proxy of the signer's present life in the place of one that will end. */
  void renew(String id, PemCredential signer, Instant now, Deadline deadline);

  /** When a delegated proxy ends; empty: it was not completed, or is gone. */
  Optional<Instant> expires(String id, Deadline deadline);
}
