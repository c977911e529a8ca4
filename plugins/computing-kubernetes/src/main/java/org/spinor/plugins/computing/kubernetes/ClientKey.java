package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The private key of a kubeconfig. */
final class ClientKey {
  private static final String ELLIPTIC = "EC";
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private ClientKey() {}

  /**
   * The kind of a key whose PEM does not say it. The client takes all of these for RSA, and fails.
   *
   * @return empty: the client finds out by itself
   */
  static Optional<String> algorithm(Config config) {
    Matcher key = PKCS8.matcher(pem(config));
    if (!key.find()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(key.group(1));
      KeyFactory.getInstance(ELLIPTIC).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      return Optional.of(ELLIPTIC);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Empty where there is none that can be read: the client says so in its own words. */
  private static String pem(Config config) {
    try {
      if (config.getClientKeyData() != null) {
        byte[] pem = Base64.getMimeDecoder().decode(config.getClientKeyData());
        return new String(pem, StandardCharsets.ISO_8859_1);
      }
      return config.getClientKeyFile() == null
          ? ""
          : Files.readString(Path.of(config.getClientKeyFile()), StandardCharsets.ISO_8859_1);
    } catch (IOException | IllegalArgumentException e) {
      return "";
    }
  }
}
