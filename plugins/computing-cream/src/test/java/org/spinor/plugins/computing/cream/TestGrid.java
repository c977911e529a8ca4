package org.spinor.plugins.computing.cream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.spinor.plugins.grid.pki.PemCredential;
import org.spinor.plugins.grid.pki.Proxies;

/** A grid of one authority: a host called localhost, and a robot with a proxy. */
final class TestGrid {
  private final KeyPair authorityKeys = keys();
  private final X509Certificate authority;
  private final KeyPair hostKeys = keys();
  private final X509Certificate host;
  private final Path folder;

  /**
   * @param folder gets the files that clients need
   */
  TestGrid(Path folder) {
    this.folder = folder;
    this.authority = certificate("CN=Test CA, O=Grid", authorityKeys, true, Duration.ofDays(10));
    this.host = certificate("CN=localhost, O=Grid", hostKeys, false, Duration.ofDays(10));
    try {
      Files.createDirectories(authorities());
      Path pem = folder.resolve("authority.pem");
      Files.writeString(pem, Proxies.chain(authority, List.of()));
      Process hash =
          new ProcessBuilder("openssl", "x509", "-noout", "-subject_hash", "-in", pem.toString())
              .start();
      String name =
          new String(
                  hash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
              .strip();
      Files.copy(pem, authorities().resolve(name + ".0"));
      renew(Duration.ofHours(12));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate certificate(
      String subject, KeyPair keys, boolean isAuthority, Duration life) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Principal("CN=Test CA, O=Grid"),
              BigInteger.valueOf(System.nanoTime()),
              Date.from(now.minusSeconds(3600)),
              Date.from(now.plus(life)),
              new X500Principal(subject),
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      if (subject.contains("localhost")) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withRSA").build(authorityKeys.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A folder of authorities as grid sites have it. */
  Path authorities() {
    return folder.resolve("certificates");
  }

  /** The robot's proxy with its key and chain. */
  Path proxy() {
    return folder.resolve("robot-proxy.pem");
  }

  /** Makes a new proxy in the place of the old one. */
  void renew(Duration life) {
    KeyPair robot = keys();
    PemCredential person =
        new PemCredential(
            robot.getPrivate(), List.of(certificate("CN=Robot, O=Grid", robot, false, life)));
    KeyPair proxy = keys();
    PemCredential credential =
        Proxies.create(person, proxy.getPublic(), proxy.getPrivate(), Instant.now());
    try {
      Files.writeString(proxy(), credential.toPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** TLS of the host, which takes proxies of the robot from its clients. */
  SSLContext server() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "host", hostKeys.getPrivate(), new char[0], new X509Certificate[] {host, authority});
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), new TrustManager[] {new ProxyTrust()}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Proxies are signed by what is no authority, which the JDK's own does not take. */
  private final class ProxyTrust extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      try {
        for (int i = 0; i < chain.length; i++) {
          chain[i].checkValidity();
          X509Certificate above = i + 1 < chain.length ? chain[i + 1] : authority;
          chain[i].verify(above.getPublicKey());
          if (!chain[i].getIssuerX500Principal().equals(above.getSubjectX500Principal())) {
            throw new CertificateException("another issuer");
          }
        }
      } catch (GeneralSecurityException e) {
        throw new CertificateException(e);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, kind);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      throw new CertificateException("no client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
        throws CertificateException {
      throw new CertificateException("no client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("no client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {authority};
    }
  }
}
