package org.spinor.plugins.grid.pki;

import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.MisconfiguredException;

/** TLS with authorities and a credential of its own. */
public final class Tls {
  private Tls() {}

  /**
   * @param authorities see {@link TrustedAuthorities}
   * @param credential shown to the server when it asks; empty: none
   */
  public static SSLContext context(Optional<Path> authorities, Optional<PemCredential> credential) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keys =
          credential
              .map(one -> new KeyManager[] {new OneCredential(one)})
              .orElseGet(() -> new KeyManager[0]);
      context.init(keys, TrustedAuthorities.managers(authorities), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new MisconfiguredException("no TLS with this credential: " + e.getMessage(), e);
    }
  }

  /**
   * Shows its one credential whatever authorities the server names: those sign no proxies, so the
   * key manager of the JDK would show none.
   */
  private static final class OneCredential extends X509ExtendedKeyManager {
    private static final String ALIAS = "pilots";
    private final PemCredential credential;

    OneCredential(PemCredential credential) {
      this.credential = credential;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return credential.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return credential.key();
    }
  }
}
