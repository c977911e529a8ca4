package org.spinor.plugins.grid.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.spinor.spi.TemporaryException;

/**
 * Signs proxy certificates as RFC 3820 has them: the subject is the signer's with one more common
 * name, and the extension {@code ProxyCertInfo} says what the proxy may do. A limited signer signs
 * limited proxies only.
 */
public final class Proxies {
  /** {@code id-pe-proxyCertInfo}, RFC 3820 3.8. */
  private static final ASN1ObjectIdentifier PROXY_CERT_INFO =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.14");

  /** {@code id-ppl-inheritAll}: whatever the signer may do. */
  private static final ASN1ObjectIdentifier INHERIT_ALL =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.21.1");

  /** Globus: files may be moved, jobs may not be started. */
  private static final ASN1ObjectIdentifier LIMITED =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.3536.1.1.1.9");

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private Proxies() {}

  /**
   * Answers a service's request for a delegation.
   *
   * @param request certificate request in PEM
   * @return the new proxy and the chain above it, in PEM
   * @throws TemporaryException the request is none, or does not hold its key
   */
  public static String sign(PemCredential signer, String request, Instant now) {
    try (PEMParser parser = new PEMParser(new StringReader(request))) {
      if (!(parser.readObject() instanceof PKCS10CertificationRequest asked)
          || !asked.isSignatureValid(
              new JcaContentVerifierProviderBuilder().build(asked.getSubjectPublicKeyInfo()))) {
        throw new TemporaryException("the request for a delegation is not signed by its key");
      }
      return chain(certificate(signer, asked.getSubjectPublicKeyInfo(), now), signer.chain());
    } catch (IOException | OperatorCreationException | PKCSException | RuntimeException e) {
      if (e instanceof TemporaryException temporary) {
        throw temporary;
      }
      throw new TemporaryException("the request for a delegation cannot be read", e);
    }
  }

  /** A new proxy of a key pair, as {@code arcproxy} makes them. */
  public static PemCredential create(
      PemCredential signer, PublicKey publicKey, PrivateKey privateKey, Instant now) {
    X509Certificate proxy =
        certificate(signer, SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()), now);
    List<X509Certificate> chain = new ArrayList<>(List.of(proxy));
    chain.addAll(signer.chain());
    return new PemCredential(privateKey, chain);
  }

  private static X509Certificate certificate(
      PemCredential signer, SubjectPublicKeyInfo key, Instant now) {
    // 63 bits: positive, and unique for one signer
    BigInteger serial = new BigInteger(63, RANDOM);
    X500Name issuer =
        X500Name.getInstance(signer.certificate().getSubjectX500Principal().getEncoded());
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
    for (var name : issuer.getRDNs()) {
      subject.addMultiValuedRDN(name.getTypesAndValues());
    }
    subject.addRDN(BCStyle.CN, serial.toString());
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
                  issuer,
                  serial,
                  Date.from(now.minus(CLOCKS_DIFFER)),
                  Date.from(signer.expires()),
                  subject.build(),
                  key)
              .addExtension(
                  Extension.keyUsage,
                  true,
                  new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
              .addExtension(
                  PROXY_CERT_INFO,
                  true,
                  new DERSequence(
                      new DERSequence(isLimited(signer.certificate()) ? LIMITED : INHERIT_ALL)));
      return PemCredential.certificate(
          builder.build(
              new JcaContentSignerBuilder(KeyPairs.signatureAlgorithm(signer.key()))
                  .build(signer.key())));
    } catch (IOException | OperatorCreationException | java.security.cert.CertificateException e) {
      throw new TemporaryException("cannot sign a proxy: " + e.getMessage(), e);
    }
  }

  /** Whether this is a proxy that may only sign limited proxies. */
  static boolean isLimited(X509Certificate certificate) {
    byte[] extension = certificate.getExtensionValue(PROXY_CERT_INFO.getId());
    if (extension == null) {
      return false;
    }
    ASN1Sequence info =
        ASN1Sequence.getInstance(ASN1OctetString.getInstance(extension).getOctets());
    // The optional length of the path may stand before the policy.
    ASN1Encodable policy = info.getObjectAt(info.size() - 1);
    return ASN1Sequence.getInstance(policy).getObjectAt(0).equals(LIMITED);
  }

  /** Certificates in PEM. */
  public static String chain(X509Certificate first, List<X509Certificate> above) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(first);
      for (X509Certificate certificate : above) {
        writer.writeObject(certificate);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
