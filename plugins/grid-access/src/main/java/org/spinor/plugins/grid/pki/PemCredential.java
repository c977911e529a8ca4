package org.spinor.plugins.grid.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.spinor.spi.MisconfiguredException;

/**
 * A private key with its certificate and the certificates above it: a proxy, or the certificate of
 * a person or service.
 *
 * @param chain the key's certificate first, each signed by the next
 */
public record PemCredential(PrivateKey key, List<X509Certificate> chain) {
  private static final String REMEDY =
      "; it holds, in PEM, a certificate or proxy, its key without a password, and the chain above";

  public PemCredential {
    chain = List.copyOf(chain);
  }

  /**
   * Reads PEM blocks in any order, text between them is passed over.
   *
   * @param origin for error messages
   * @throws MisconfiguredException there is no key, or no certificate for it
   */
  public static PemCredential parse(String pem, String origin) {
    List<X509Certificate> certificates = new ArrayList<>();
    List<PrivateKey> keys = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        switch (block) {
          case X509CertificateHolder holder -> certificates.add(certificate(holder));
          case PEMKeyPair pair -> keys.add(converter.getPrivateKey(pair.getPrivateKeyInfo()));
          case PrivateKeyInfo info -> keys.add(converter.getPrivateKey(info));
          default -> {
            // parameters of a curve, an encrypted key: the check below says what is missing
          }
        }
      }
    } catch (IOException | CertificateException | IllegalArgumentException e) {
      throw new MisconfiguredException(origin + " cannot be read as PEM" + REMEDY, e);
    }
    if (keys.size() != 1) {
      throw new MisconfiguredException(
          origin + " has " + (keys.isEmpty() ? "no private key" : "several keys") + REMEDY);
    }
    return of(keys.getFirst(), certificates, origin);
  }

  private static PemCredential of(
      PrivateKey key, List<X509Certificate> certificates, String origin) {
    List<X509Certificate> left = new ArrayList<>(certificates);
    X509Certificate first =
        left.stream()
            .filter(certificate -> KeyPairs.match(certificate.getPublicKey(), key))
            .findFirst()
            .orElseThrow(
                () ->
                    new MisconfiguredException(origin + " has no certificate of its key" + REMEDY));
    List<X509Certificate> chain = new ArrayList<>(List.of(first));
    left.remove(first);
    for (X509Certificate last = first; !isSelfSigned(last); last = chain.getLast()) {
      X509Certificate below = last;
      List<X509Certificate> above =
          left.stream()
              .filter(next -> next.getSubjectX500Principal().equals(below.getIssuerX500Principal()))
              .toList();
      if (above.isEmpty()) {
        break;
      }
      chain.add(above.getFirst());
      left.removeAll(above);
    }
    return new PemCredential(key, chain);
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  static X509Certificate certificate(X509CertificateHolder holder) throws CertificateException {
    return new JcaX509CertificateConverter().getCertificate(holder);
  }

  /** Certificates of a text; blocks of another kind are passed over. */
  public static List<X509Certificate> certificates(String pem)
      throws IOException, CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        if (block instanceof X509CertificateHolder holder) {
          certificates.add(certificate(holder));
        }
      }
    } catch (PEMException e) {
      throw new IOException("not PEM", e);
    }
    return certificates;
  }

  /** When the first of its certificates ends. */
  public Instant expires() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** All of it in PEM, with the key: the text that {@link #parse} reads. */
  public String toPem() {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate());
      // PKCS 8: what else there is for EC keys does not name the curve.
      writer.writeObject(new JcaPKCS8Generator(key, null));
      for (X509Certificate above : chain.subList(1, chain.size())) {
        writer.writeObject(above);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  @Override
  public String toString() {
    return "PemCredential[" + certificate().getSubjectX500Principal() + "]";
  }
}
