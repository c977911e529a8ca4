package org.spinor.server.identity.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.text.ParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.MachineTokens;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.BrokerException.Remedy;
import org.spinor.server.identity.SecretFile;

/**
 * How this installation shows the provider of a VO who it is. Secrets and keys are in files of the
 * data folder, read at each use.
 */
final class ClientLogin {
  private final Path secrets;

  ClientLogin(Path secrets) {
    this.secrets = secrets;
  }

  static Path secretFile(Path secrets, String vo) {
    return secrets.resolve("idp-" + vo + "-tokens-secret");
  }

  static Path keyFile(Path secrets, String vo) {
    return secrets.resolve("idp-" + vo + "-tokens-key");
  }

  /**
   * @param issuer audience of a signed assertion
   * @throws BrokerException secret or key is missing or of no use
   */
  ClientAuthentication of(
      String vo, IdentityProvider provider, MachineTokens tokens, Issuer issuer) {
    ClientID client = new ClientID(tokens.clientId());
    return switch (tokens.authentication()) {
      case "private_key_jwt" -> assertion(vo, client, issuer);
      case "client_secret_post" -> new ClientSecretPost(client, secret(vo, provider, tokens));
      default -> new ClientSecretBasic(client, secret(vo, provider, tokens));
    };
  }

  /** Logins and tokens share a secret where they share a client. */
  private Secret secret(String vo, IdentityProvider provider, MachineTokens tokens) {
    Path file = secretFile(secrets, vo);
    Optional<byte[]> found = SecretFile.read(file);
    if (found.isEmpty() && tokens.clientId().equals(provider.clientId())) {
      found = SecretFile.read(secrets.resolve("idp-" + vo + "-client-secret"));
    }
    String text = found.map(bytes -> new String(bytes, UTF_8).strip()).orElse("");
    if (text.isEmpty()) {
      throw new BrokerException(
          Remedy.OPERATOR,
          "VO %s: no secret of the client %s at %s: spinor admin secrets set --provider %s (file %s)"
              .formatted(vo, tokens.clientId(), provider.url(), vo, file));
    }
    return new Secret(text);
  }

  private PrivateKeyJWT assertion(String vo, ClientID client, Issuer issuer) {
    Path file = keyFile(secrets, vo);
    byte[] text =
        SecretFile.read(file)
            .orElseThrow(
                () ->
                    new BrokerException(
                        Remedy.OPERATOR,
                        "VO %s: no key of the client %s at %s: spinor admin secrets make-key --provider %s (file %s)"
                            .formatted(vo, client, issuer, vo, file)));
    try {
      JWK key = JWK.parse(new String(text, UTF_8));
      return new PrivateKeyJWT(
          new JWTAuthenticationClaimsSet(client, new Audience(issuer)),
          algorithm(key),
          privateKey(key),
          key.getKeyID(),
          null);
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      throw unusable(file, e);
    }
  }

  private static JWSAlgorithm algorithm(JWK key) {
    if (key.getAlgorithm() != null) {
      return JWSAlgorithm.parse(key.getAlgorithm().getName());
    }
    if (key instanceof ECKey pair) {
      return Curve.P_521.equals(pair.getCurve())
          ? JWSAlgorithm.ES512
          : Curve.P_384.equals(pair.getCurve()) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES256;
    }
    return JWSAlgorithm.RS256;
  }

  private static PrivateKey privateKey(JWK key) throws JOSEException {
    PrivateKey secret =
        switch (key) {
          case RSAKey rsa -> rsa.toPrivateKey();
          case ECKey pair -> pair.toPrivateKey();
          default -> null;
        };
    if (secret == null) {
      throw new IllegalArgumentException("it holds no private RSA or EC key");
    }
    return secret;
  }

  private static BrokerException unusable(Path file, @Nullable Exception e) {
    // Without the cause: what a parser complains about may quote the key.
    return new BrokerException(
        Remedy.OPERATOR,
        "%s is no private key that can be used (a JWK, RSA or EC): %s"
            .formatted(file, e instanceof IllegalArgumentException ? e.getMessage() : "not read"));
  }
}
