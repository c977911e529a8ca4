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
   * An access token of the VO, made by the VO's identity provider. It lives at least five more
   * minutes, or half its life where the provider makes shorter ones. Elements of plug-ins that
   * {@linkplain org.spinor.spi.computing.ComputingElementPlugin#servesAllVos serve all VOs at once}
   * act for no VO and get none.
   *
   * @param scope what it is for, of the WLCG profile's scopes for computing, as {@code
   *     compute.create}; several separated by spaces. Ask for what the operation needs, no more
   * @param audience who will check it, as {@code https://ce.example.org:443}; one, never empty
   * @throws RefusedException a scope that computing elements do not need
   */
  Credential.Token token(String scope, String audience);

  /**
   * The key with which the server logs in at the element: the operator's secret {@code ssh-key}.
   */
  Credential.SshKey sshKey();

  /**
   * A secret that the operator has stored under this name for this element, its site, or all; one
   * for the VO wins over one for all VOs.
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
