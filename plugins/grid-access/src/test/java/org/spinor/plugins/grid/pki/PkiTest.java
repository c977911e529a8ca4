package org.spinor.plugins.grid.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

class PkiTest {
  @SuppressWarnings("TimeInStaticInitializer") // the certificates made here are valid around it
  private static final Instant NOW =
      Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);

  private static final KeyPair CA_KEYS = keys("RSA", 2048);
  private static final KeyPair USER_KEYS = keys("EC", 256);
  private static final X509Certificate CA =
      certificate("CN=Test CA, O=Grid", CA_KEYS, "CN=Test CA, O=Grid", CA_KEYS, 100);
  private static final X509Certificate USER =
      certificate("CN=Test CA, O=Grid", CA_KEYS, "CN=Alice, O=Grid", USER_KEYS, 10);

  private static KeyPair keys(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(
      String issuer, KeyPair signer, String subject, KeyPair keys, int days) {
    try {
      return PemCredential.certificate(
          new JcaX509v3CertificateBuilder(
                  new X500Principal(issuer),
                  BigInteger.valueOf(days),
                  Date.from(NOW.minus(Duration.ofHours(1))),
                  Date.from(NOW.plus(Duration.ofDays(days))),
                  new X500Principal(subject),
                  keys.getPublic())
              .build(
                  new JcaContentSignerBuilder(KeyPairs.signatureAlgorithm(signer.getPrivate()))
                      .build(signer.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static PemCredential user() {
    return new PemCredential(USER_KEYS.getPrivate(), List.of(USER));
  }

  private static String pem(Object... blocks) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object block : blocks) {
        writer.writeObject(
            block instanceof PrivateKey key && key.getAlgorithm().equals("EC")
                ? new JcaPKCS8Generator(key, null)
                : block);
      }
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  @Test
  void proxyNamesItsSignerAndLivesNoLonger() throws Exception {
    KeyPair keys = keys("RSA", 2048);
    PemCredential proxy = Proxies.create(user(), keys.getPublic(), keys.getPrivate(), NOW);
    X509Certificate certificate = proxy.certificate();
    certificate.verify(USER_KEYS.getPublic());
    assertThat(certificate.getIssuerX500Principal()).isEqualTo(USER.getSubjectX500Principal());
    assertThat(certificate.getSubjectX500Principal().getName())
        .isEqualTo(
            "CN=" + certificate.getSerialNumber() + "," + USER.getSubjectX500Principal().getName());
    assertThat(certificate.getCriticalExtensionOIDs()).contains("1.3.6.1.5.5.7.1.14", "2.5.29.15");
    assertThat(proxy.expires()).isEqualTo(USER.getNotAfter().toInstant());
    assertThat(certificate.getNotBefore().toInstant()).isBefore(NOW);
    assertThat(Proxies.isLimited(certificate)).isFalse();
    assertThat(Proxies.isLimited(USER)).isFalse();
  }

  @Test
  void proxyOfAProxyIsReadBackInAnyOrder() {
    KeyPair first = keys("RSA", 2048);
    KeyPair second = keys("EC", 256);
    PemCredential one = Proxies.create(user(), first.getPublic(), first.getPrivate(), NOW);
    PemCredential two = Proxies.create(one, second.getPublic(), second.getPrivate(), NOW);
    assertThat(PemCredential.parse(two.toPem(), "x").chain()).isEqualTo(two.chain());
    List<X509Certificate> chain = two.chain();
    String shuffled =
        pem(CA, chain.get(2), chain.get(0))
            + "a comment\n"
            + pem(second.getPrivate(), chain.get(1));
    assertThat(PemCredential.parse(shuffled, "x").chain())
        .containsExactly(chain.get(0), chain.get(1), chain.get(2), CA);
    String old = pem(first.getPrivate(), chain.get(1));
    assertThat(old).contains("BEGIN RSA PRIVATE KEY");
    assertThat(PemCredential.parse(old, "x").chain()).containsExactly(chain.get(1));
  }

  @Test
  void requestOfAServiceIsSigned() throws Exception {
    KeyPair service = keys("RSA", 2048);
    String request =
        pem(
            new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=x"), service.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(service.getPrivate())));
    List<X509Certificate> chain = PemCredential.certificates(Proxies.sign(user(), request, NOW));
    assertThat(chain).hasSize(2);
    assertThat(chain.getFirst().getPublicKey()).isEqualTo(service.getPublic());
    assertThat(chain.getLast()).isEqualTo(USER);
  }

  @Test
  void requestThatIsNoneOrOfAnothersKeyIsNotSigned() throws Exception {
    KeyPair service = keys("RSA", 2048);
    String stolen =
        pem(
            new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=x"), CA_KEYS.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(service.getPrivate())));
    for (String request : List.of("", "hello", pem(USER), stolen, stolen.substring(0, 200))) {
      assertThatThrownBy(() -> Proxies.sign(user(), request, NOW))
          .isInstanceOf(TemporaryException.class);
    }
  }

  @Test
  void credentialThatCannotWorkIsToldWithoutItsContent() {
    for (String bad :
        List.of(
            "",
            pem(USER),
            pem(USER_KEYS.getPrivate()),
            pem(USER, CA_KEYS.getPrivate()),
            pem(USER, USER_KEYS.getPrivate(), CA_KEYS.getPrivate()),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
      assertThatThrownBy(() -> PemCredential.parse(bad, "the secret 'x'"))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageStartingWith("the secret 'x'")
          .hasMessageNotContaining("BEGIN");
    }
    assertThat(user())
        .asString()
        .isEqualTo("PemCredential[" + USER.getSubjectX500Principal() + "]");
  }

  @Test
  void authoritiesComeFromAFolderOfTheGridOrABundle(@TempDir Path folder) throws Exception {
    X509Certificate other = certificate("CN=Other", CA_KEYS, "CN=Other", CA_KEYS, 5);
    Files.writeString(folder.resolve("1c3f2ca8.0"), pem(CA));
    Files.writeString(folder.resolve("Grid.pem"), "text\n" + pem(CA));
    Files.writeString(folder.resolve("other.pem"), pem(other));
    Files.writeString(folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAA\n");
    Files.writeString(folder.resolve("Grid-key.pem"), pem(CA_KEYS.getPrivate()));
    Files.writeString(folder.resolve("1c3f2ca8.signing_policy"), "access_id_CA");
    Files.writeString(folder.resolve("1c3f2ca8.r0"), "a list");
    assertThat(TrustedAuthorities.read(folder)).containsExactlyInAnyOrder(CA, other);
    Path bundle = folder.resolve("bundle");
    Files.writeString(bundle, pem(CA, other));
    assertThat(TrustedAuthorities.read(bundle)).containsExactly(CA, other);
    assertThat(TrustedAuthorities.managers(Optional.of(bundle))).isNotEmpty();
    assertThat(TrustedAuthorities.managers(Optional.empty())).isNotEmpty();
    for (Path none : List.of(folder.resolve("nothing"), folder.resolve("Grid-key.pem"))) {
      assertThatThrownBy(() -> TrustedAuthorities.managers(Optional.of(none)))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("CAPath");
    }
  }
}
