package org.spinor.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that opens a door for a short while. Asked for at each use and never stored, logged, or
 * put on a command line; {@code toString} shows no secret.
 */
public sealed interface Credential {
  /** When it stops working; empty: not known. */
  Optional<Instant> expires();

  /**
   * An access token.
   *
   * @param value for {@code Authorization: Bearer}
   */
  record Token(String value, Optional<Instant> expires) implements Credential {
    @Override
    public String toString() {
      return "Token[expires=" + expires + "]";
    }
  }

  /**
   * A key for SSH.
   *
   * @param privateKey in OpenSSH's or PEM format, not encrypted
   * @param certificate OpenSSH certificate of the key, where one is used
   */
  record SshKey(String privateKey, Optional<String> certificate, Optional<Instant> expires)
      implements Credential {
    @Override
    public String toString() {
      return "SshKey[expires=" + expires + "]";
    }
  }

  /**
   * Anything else: a password, a service account's file, a proxy certificate.
   *
   * @param value text; what is not text is in Base64
   */
  record Secret(String value, Optional<Instant> expires) implements Credential {
    @Override
    public String toString() {
      return "Secret[expires=" + expires + "]";
    }
  }
}
