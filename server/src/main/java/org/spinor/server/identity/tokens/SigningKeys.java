package org.spinor.server.identity.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The installation's keys, ready for use. The first key of a kind that may sign does; every key of
 * the set verifies, so that tokens outlive a change of keys. A key is bound to one algorithm and to
 * one kind of token: nothing that a token says can change how it is verified.
 */
final class SigningKeys {
  /** Whose tokens a key signs. */
  enum Purpose {
    /** Access and refresh tokens of people: Ed25519, verifiable by everybody. */
    PEOPLE,
    /**
     * Tokens of pilots and payloads, which only this installation reads: HMAC, 100 times faster.
     */
    MACHINES
  }

  record Signing(JWSHeader header, JWSSigner signer) {}

  record Verifying(JWSAlgorithm algorithm, Set<Purpose> purposes, JWSVerifier verifier) {}

  private final Signing people;
  private final Signing machines;
  private final Map<String, Verifying> verifying;
  private final Map<String, Object> published;

  private SigningKeys(
      Signing people,
      Signing machines,
      Map<String, Verifying> verifying,
      Map<String, Object> published) {
    this.people = people;
    this.machines = machines;
    this.verifying = Map.copyOf(verifying);
    this.published = published;
  }

  /**
   * @throws IllegalArgumentException a key of another kind, two of one id, or none that may sign
   */
  static SigningKeys of(JWKSet keys) {
    Map<String, Verifying> verifying = new HashMap<>();
    @Nullable Signing people = null;
    @Nullable Signing machines = null;
    for (JWK key : keys.getKeys()) {
      if (key.getKeyID() == null) {
        throw new IllegalArgumentException("a key has no kid");
      }
      try {
        if (verifying.put(key.getKeyID(), verifying(key)) != null) {
          throw new IllegalArgumentException("two keys have the kid " + key.getKeyID());
        }
        if (!maySign(key)) {
          continue;
        }
        if (key instanceof OctetKeyPair) {
          people = people == null ? signing(key) : people;
        } else {
          machines = machines == null ? signing(key) : machines;
        }
      } catch (JOSEException e) {
        throw new IllegalArgumentException("key " + key.getKeyID() + ": " + e.getMessage(), e);
      }
    }
    if (people == null) {
      throw new IllegalArgumentException(
          "no Ed25519 key with its private part and key_ops \"sign\"");
    }
    return new SigningKeys(
        people,
        machines == null ? people : machines,
        verifying,
        keys.toPublicJWKSet().toJSONObject());
  }

  static boolean maySign(JWK key) {
    return key.isPrivate()
        && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.SIGN));
  }

  private static Signing signing(JWK key) throws JOSEException {
    return switch (key) {
      case OctetKeyPair pair ->
          new Signing(header(pair, JWSAlgorithm.Ed25519), new Ed25519Signer(pair));
      case OctetSequenceKey secret ->
          new Signing(header(secret, JWSAlgorithm.HS256), new MACSigner(secret));
      default -> throw unusable(key);
    };
  }

  private static Verifying verifying(JWK key) throws JOSEException {
    return switch (key) {
      // signs for machines too where the file has no other key
      case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) ->
          new Verifying(
              JWSAlgorithm.Ed25519,
              Set.of(Purpose.PEOPLE, Purpose.MACHINES),
              new Ed25519Verifier(pair.toPublicJWK()));
      case OctetSequenceKey secret ->
          new Verifying(JWSAlgorithm.HS256, Set.of(Purpose.MACHINES), new MACVerifier(secret));
      default -> throw unusable(key);
    };
  }

  private static IllegalArgumentException unusable(JWK key) {
    return new IllegalArgumentException(
        "key "
            + key.getKeyID()
            + " is of type "
            + key.getKeyType()
            + "; usable are OKP with the curve Ed25519, and oct (HS256)");
  }

  private static JWSHeader header(JWK key, JWSAlgorithm algorithm) {
    return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(key.getKeyID()).build();
  }

  Signing signing(Purpose purpose) {
    return switch (purpose) {
      case PEOPLE -> people;
      case MACHINES -> machines;
    };
  }

  Optional<Verifying> verifying(@Nullable String keyId) {
    return keyId == null ? Optional.empty() : Optional.ofNullable(verifying.get(keyId));
  }

  /** The public halves, as {@code /.well-known/jwks.json} shows them. */
  Map<String, Object> published() {
    return published;
  }
}
