package org.spinor.spi;

/**
 * Where a plug-in gets credentials: one per operation, as narrow as the operation allows. May be
 * called from any thread; may take seconds.
 *
 * <p>All methods throw {@link MisconfiguredException} where the operator has provided none, and
 * {@link TemporaryException} where the issuer cannot be reached.
 */
public interface Credentials {
  /**
   * An access token that lives at least five more minutes.
   *
   * @param scope what it is for, as {@code compute.create}; several separated by spaces
   * @param audience who will check it, as {@code https://ce.example.org:443}
   */
  Credential.Token token(String scope, String audience);

  /** The key with which the server logs in at the element. */
  Credential.SshKey sshKey();

  /**
   * A secret that the operator has stored under this name.
   *
   * @param name lower-case letters, digits and dashes
   */
  Credential.Secret secret(String name);

  /**
   * For elements that need none: every question is answered with {@link MisconfiguredException}.
   */
  static Credentials none() {
    return new NoCredentials();
  }
}
