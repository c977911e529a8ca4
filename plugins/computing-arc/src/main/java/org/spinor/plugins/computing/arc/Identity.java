package org.spinor.plugins.computing.arc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.computing.arc.pki.PemCredential;
import org.spinor.plugins.computing.arc.pki.Tls;
import org.spinor.plugins.computing.arc.rest.Access;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;

/** Who the server is at a service. Credentials are fetched at each use: they change. */
final class Identity implements Access {
  /** Authorities change seldom; reading hundreds of files for each request would be slow. */
  private static final Duration AUTHORITIES_LAST = Duration.ofHours(1);

  private final ArcSettings.Service settings;
  private final Credentials credentials;
  private final InstantSource clock;
  private @Nullable Context context;

  private record Context(SSLContext tls, String pem, Instant made) {}

  Identity(ArcSettings.Service settings, Credentials credentials, InstantSource clock) {
    this.settings = settings;
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public synchronized SSLContext tls() {
    String pem = settings.certificate() ? pem() : "";
    Instant now = clock.instant();
    if (context == null
        || !context.pem().equals(pem)
        || now.isAfter(context.made().plus(AUTHORITIES_LAST))) {
      Optional<PemCredential> shown =
          pem.isEmpty() ? Optional.empty() : Optional.of(valid(PemCredential.parse(pem, origin())));
      context = new Context(Tls.context(settings.authorities(), shown), pem, now);
    }
    return context.tls();
  }

  @Override
  public Optional<String> token() {
    return settings.token() ? Optional.of(fetchToken().value()) : Optional.empty();
  }

  /** The token that is also delegated. */
  Credential.Token fetchToken() {
    return credentials.token(settings.scope(), settings.audience());
  }

  /** The credential that signs delegations. */
  PemCredential signer() {
    return valid(PemCredential.parse(pem(), origin()));
  }

  private PemCredential valid(PemCredential credential) {
    if (!credential.expires().isAfter(clock.instant())) {
      throw new MisconfiguredException(
          origin() + " ended at " + credential.expires() + ": make a new one");
    }
    return credential;
  }

  private String pem() {
    ArcSettings.X509 x509 = settings.x509().orElseThrow();
    if (x509.file().isEmpty()) {
      return credentials.secret(x509.secret()).value();
    }
    return read(x509.file().get()) + x509.key().map(Identity::read).orElse("");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new MisconfiguredException(
          file + " cannot be read by the server: " + e.getClass().getSimpleName(), e);
    }
  }

  private String origin() {
    return settings
        .x509()
        .map(
            x509 ->
                x509.file()
                    .map(file -> "CredentialFile " + file)
                    .orElse("the secret '" + x509.secret() + "'"))
        .orElse("");
  }
}
