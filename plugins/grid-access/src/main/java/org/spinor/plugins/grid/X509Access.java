package org.spinor.plugins.grid;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.grid.pki.PemCredential;
import org.spinor.plugins.grid.pki.Tls;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;

/** Who the server is by certificate or proxy. The credential is read at each use: it changes. */
public final class X509Access implements Access {
  /** Authorities change seldom; reading hundreds of files for each request would be slow. */
  private static final Duration AUTHORITIES_LAST = Duration.ofHours(1);

  private final Optional<X509> x509;
  private final Optional<Path> authorities;
  private final boolean shown;
  private final Credentials credentials;
  private final InstantSource clock;
  private @Nullable Context context;

  private record Context(SSLContext tls, String pem, Instant made) {}

  /**
   * @param x509 shown to services, or only for signing; empty: neither
   * @param authorities see {@link org.spinor.plugins.grid.pki.TrustedAuthorities}
   * @param shown whether services see it
   */
  public X509Access(
      Optional<X509> x509,
      Optional<Path> authorities,
      boolean shown,
      Credentials credentials,
      InstantSource clock) {
    this.x509 = x509;
    this.authorities = authorities;
    this.shown = shown;
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public synchronized SSLContext tls() {
    String pem = shown ? source().pem(credentials) : "";
    Instant now = clock.instant();
    if (context == null
        || !context.pem().equals(pem)
        || now.isAfter(context.made().plus(AUTHORITIES_LAST))) {
      Optional<PemCredential> credential =
          pem.isEmpty()
              ? Optional.empty()
              : Optional.of(valid(PemCredential.parse(pem, source().origin())));
      context = new Context(Tls.context(authorities, credential), pem, now);
    }
    return context.tls();
  }

  @Override
  public Optional<String> token() {
    return Optional.empty();
  }

  /** The credential that signs delegations. */
  public PemCredential signer() {
    return valid(PemCredential.parse(source().pem(credentials), source().origin()));
  }

  private X509 source() {
    return x509.orElseThrow(() -> new MisconfiguredException("no CredentialFile is configured"));
  }

  private PemCredential valid(PemCredential credential) {
    if (!credential.expires().isAfter(clock.instant())) {
      throw new MisconfiguredException(
          source().origin() + " ended at " + credential.expires() + ": make a new one");
    }
    return credential;
  }
}
