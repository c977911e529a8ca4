package org.spinor.server.identity.logins;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Logins in a browser.
 *
 * @param redirects addresses of web pages that may ask for a login and get its code, compared
 *     letter by letter ({@code SPINOR_REDIRECTS}, commas between); beside them always {@code
 *     <issuer>/#authentication-callback}
 * @param legacyExchangeKeyHash SHA-256, in hexadecimal digits, of the key with which an old DIRAC
 *     gets tokens for its users ({@code SPINOR_LEGACYEXCHANGEKEYHASH}); empty: it gets none
 */
@ConfigurationProperties("spinor")
record LoginProperties(
    @DefaultValue({}) Set<String> redirects, @DefaultValue("") String legacyExchangeKeyHash) {
  private static final Pattern REDIRECT = Pattern.compile("https?://[^\\s?]+(\\?\\S*)?");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final String CALLBACK = "/#authentication-callback";

  LoginProperties {
    redirects = Set.copyOf(redirects);
    for (String redirect : redirects) {
      if (!REDIRECT.matcher(redirect).matches()) {
        throw new SpinorException(
            ErrorCode.CONFIGURATION_INVALID,
            "redirects: expected addresses as https://portal.example.org/#authentication-callback,"
                + " got '"
                + redirect
                + "'");
      }
    }
    if (!legacyExchangeKeyHash.isEmpty() && !SHA256.matcher(legacyExchangeKeyHash).matches()) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "legacy-exchange-key-hash: expected the SHA-256 of the key, 64 hexadecimal digits");
    }
  }

  /** Where a page of this installation may send its user back to. */
  Set<String> redirects(String issuer) {
    Set<String> all = new LinkedHashSet<>(redirects);
    all.add(issuer + CALLBACK);
    return all;
  }

  @Override
  public String toString() {
    return "redirects " + redirects;
  }
}
