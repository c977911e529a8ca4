package org.spinor.plugins.grid;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;

/**
 * Where a credential comes from: a file, with the key beside it where that is another file, or a
 * stored secret. It is read at each use, so that it can be renewed in its place.
 */
public record X509(Optional<Path> file, Optional<Path> key, String secret) {
  private static final Path GRID_AUTHORITIES = Path.of("/etc/grid-security/certificates");

  public static final Parameter CREDENTIAL_FILE =
      Parameter.path(
          "CredentialFile",
          Optional.empty(),
          "PEM file on the server's host with the certificate or proxy, its key, and the chain above; read at each use.");

  public static final Parameter KEY_FILE =
      Parameter.path(
          "KeyFile",
          Optional.empty(),
          "PEM file with the key of CredentialFile, where that holds none.");

  public static final Parameter CREDENTIAL_SECRET =
      Parameter.text(
          "CredentialSecret", "", "Name of a stored secret that holds what CredentialFile would.");

  public static final Parameter CA_PATH =
      Parameter.path(
          "CAPath",
          Optional.empty(),
          "Certificate authorities that services are trusted by: a folder as of grid sites or a file in PEM; default: /etc/grid-security/certificates if there is one, else those of Java.");

  /**
   * As the parameters say; empty: no credential is given.
   *
   * @param problems gets what is wrong with them
   */
  public static Optional<X509> of(Parameters parameters, List<String> problems) {
    X509 x509 =
        new X509(
            parameters.path(CREDENTIAL_FILE.name()),
            parameters.path(KEY_FILE.name()),
            parameters.text(CREDENTIAL_SECRET.name()).orElse("").strip());
    if (x509.file().isPresent() && !x509.secret().isEmpty()) {
      problems.add("CredentialFile and CredentialSecret: one of them, not both");
    }
    return x509.file().isPresent() || !x509.secret().isEmpty()
        ? Optional.of(x509)
        : Optional.empty();
  }

  /** The authorities of the parameters, or those of the grid where this host has them. */
  public static Optional<Path> authorities(Parameters parameters) {
    return parameters
        .path(CA_PATH.name())
        .or(() -> Optional.of(GRID_AUTHORITIES).filter(Files::isDirectory));
  }

  /** The text in PEM as it is now. */
  String pem(Credentials credentials) {
    return file.isEmpty()
        ? credentials.secret(secret).value()
        : read(file.get()) + key.map(X509::read).orElse("");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new MisconfiguredException(
          file + " cannot be read by the server: " + e.getClass().getSimpleName(), e);
    }
  }

  /** For messages. */
  String origin() {
    return file.map(path -> "CredentialFile " + path).orElse("the secret '" + secret + "'");
  }
}
