package org.spinor.server.identity;

import java.util.Optional;

/** Implemented by the room that knows pilots: tells whether a secret is good. */
public interface PilotSecrets {
  /** The pilot's VO, where the stamp exists, has not ended, and the secret is its own. */
  Optional<String> voOf(String stamp, String secret);

  /** Whether nobody vouches for the machines that this pilot is sent to. */
  default boolean untrusted(String stamp) {
    return false;
  }
}
