package org.spinor.plugins.computing.arc;

import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.spinor.plugins.grid.Access;
import org.spinor.plugins.grid.X509Access;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;

/** Who the server is at a service. Credentials are fetched at each use: they change. */
final class Identity implements Access {
  private final ArcSettings.Service settings;
  private final Credentials credentials;
  private final X509Access x509;

  Identity(ArcSettings.Service settings, Credentials credentials, InstantSource clock) {
    this.settings = settings;
    this.credentials = credentials;
    this.x509 =
        new X509Access(
            settings.x509(), settings.authorities(), settings.certificate(), credentials, clock);
  }

  @Override
  public SSLContext tls() {
    return x509.tls();
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
  X509Access x509() {
    return x509;
  }
}
