package org.spinor.plugins.grid.pki;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import org.spinor.spi.MisconfiguredException;

/** What depends on the kind of a key. */
final class KeyPairs {
  private static final byte[] SAMPLE = {1, 2, 3, 4};

  private KeyPairs() {}

  /** Signatures that every service of the grid knows. */
  static String signatureAlgorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC", "ECDSA" -> "SHA256withECDSA";
      default ->
          throw new MisconfiguredException(
              "keys of the kind " + key.getAlgorithm() + " are not taken; use RSA or EC");
    };
  }

  /** Whether they belong together: what one signs, the other verifies. */
  static boolean match(PublicKey publicKey, PrivateKey privateKey) {
    try {
      Signature signature = Signature.getInstance(signatureAlgorithm(privateKey));
      signature.initSign(privateKey);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
