package org.spinor.server.identity.providers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.SecretFile;
import org.spinor.server.identity.SecurityLog;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The identity providers of the VOs, spoken to as OpenID Connect says. What they publish is
 * remembered for an hour; their keys are fetched again when a token names an unknown one.
 */
@Component
public final class IdentityProviders {
  private static final Logger log = LoggerFactory.getLogger(IdentityProviders.class);
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 10_000;
  private static final int MAX_BYTES = 1_000_000;

  private final Path secrets;
  private final int connectMillis;
  private final int readMillis;
  private final ResourceRetriever retriever;
  private final Cache<String, Known> known =
      Caffeine.newBuilder().maximumSize(1000).expireAfterWrite(Duration.ofHours(1)).build();

  private record Known(OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys) {}

  /**
   * What goes with a browser to the provider, and is asked for when it comes back.
   *
   * @param verifier PKCE
   */
  public record Departure(URI address, String state, String nonce, String verifier) {}

  /**
   * @param code from the provider
   * @param redirect where the browser was to come back to
   */
  public record Return(String code, URI redirect, String nonce, String verifier) {}

  @Autowired
  IdentityProviders(DataFolder data) {
    this(data, CONNECT_MILLIS, READ_MILLIS);
  }

  /**
   * @param connectMillis for a connection to a provider
   * @param readMillis for the next bytes of its answer
   */
  IdentityProviders(DataFolder data, int connectMillis, int readMillis) {
    this.secrets = data.path().resolve("secrets");
    this.connectMillis = connectMillis;
    this.readMillis = readMillis;
    this.retriever = new DefaultResourceRetriever(connectMillis, readMillis, MAX_BYTES);
  }

  /**
   * @throws SpinorException 502 the provider does not answer, or not as one
   */
  public Departure depart(Vo vo, URI redirect) {
    IdentityProvider provider = provider(vo);
    Known about = known(provider.url());
    State state = new State();
    Nonce nonce = new Nonce();
    CodeVerifier verifier = new CodeVerifier();
    AuthenticationRequest request =
        new AuthenticationRequest.Builder(
                ResponseType.CODE,
                new com.nimbusds.oauth2.sdk.Scope(provider.scopes().toArray(String[]::new)),
                new ClientID(provider.clientId()),
                redirect)
            .endpointURI(about.metadata().getAuthorizationEndpointURI())
            .state(state)
            .nonce(nonce)
            .codeChallenge(verifier, CodeChallengeMethod.S256)
            .build();
    return new Departure(request.toURI(), state.getValue(), nonce.getValue(), verifier.getValue());
  }

  /** The provider's issuer, as ID tokens name it. */
  public String issuer(Vo vo) {
    return known(provider(vo).url()).metadata().getIssuer().getValue();
  }

  /**
   * Trades the code for an ID token and believes it if it was made by this provider, for us, for
   * this very login, and is fresh.
   *
   * @throws SpinorException 401 code or ID token are not good, 502 the provider does not answer
   */
  public ProviderIdentity identity(Vo vo, Return back) {
    IdentityProvider provider = provider(vo);
    Known about = known(provider.url());
    OIDCTokenResponse tokens = tokens(vo, provider, about, back);
    JWT idToken = tokens.getOIDCTokens().getIDToken();
    if (idToken == null) {
      throw away(vo, "no id_token in the answer to a code", null);
    }
    IDTokenClaimsSet claims = verified(vo, provider, about, idToken, back.nonce());
    String subject = claims.getSubject().getValue();
    Map<String, Object> all = new HashMap<>(claims.toJSONObject());
    if (ProviderClaims.lacking(provider, all)) {
      userInfo(vo, about, tokens, subject).forEach(all::putIfAbsent);
    }
    return new ProviderIdentity(
        claims.getIssuer().getValue(),
        subject,
        ProviderClaims.text(all, provider.usernameClaim()),
        ProviderClaims.groups(provider, all));
  }

  private static IdentityProvider provider(Vo vo) {
    return vo.identityProvider()
        .orElseThrow(
            () ->
                new SpinorException(
                    ErrorCode.INVALID_REQUEST, vo.name() + " has no identity provider"));
  }

  private Known known(String url) {
    Known before = known.getIfPresent(url);
    if (before != null) {
      return before;
    }
    Known now = discover(url);
    known.put(url, now);
    return now;
  }

  private Known discover(String url) {
    try {
      OIDCProviderMetadata metadata = ProviderDocuments.fetch(retriever, url);
      if (metadata.getAuthorizationEndpointURI() == null
          || metadata.getTokenEndpointURI() == null
          || metadata.getJWKSetURI() == null) {
        throw away(url, "its document lacks an authorization, token or key address", null);
      }
      return new Known(
          metadata,
          JWKSourceBuilder.<SecurityContext>create(metadata.getJWKSetURI().toURL(), retriever)
              .retrying(true)
              .build());
    } catch (IOException e) {
      throw away(url, "its document is of no use", e);
    }
  }

  private OIDCTokenResponse tokens(Vo vo, IdentityProvider provider, Known about, Return back) {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(back.code()), back.redirect(), new CodeVerifier(back.verifier()));
    ClientID client = new ClientID(provider.clientId());
    URI endpoint = about.metadata().getTokenEndpointURI();
    TokenRequest request =
        secret(vo)
            .map(
                secret ->
                    new TokenRequest.Builder(
                        endpoint, new ClientSecretBasic(client, new Secret(secret)), grant))
            .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant))
            .build();
    try {
      TokenResponse response = OIDCTokenResponseParser.parse(send(request.toHTTPRequest()));
      if (response instanceof OIDCTokenResponse tokens) {
        return tokens;
      }
      ErrorObject error = response.toErrorResponse().getErrorObject();
      if (OAuth2Error.INVALID_GRANT.equals(error)) {
        throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Invalid code");
      }
      throw away(vo, "it refused us at its token address: " + error, null);
    } catch (IOException | ParseException e) {
      throw away(vo, "no good answer from its token address", e);
    }
  }

  private HTTPResponse send(HTTPRequest request) throws IOException {
    request.setConnectTimeout(connectMillis);
    request.setReadTimeout(readMillis);
    request.setFollowRedirects(false);
    request.setAccept("application/json");
    return request.send();
  }

  private static IDTokenClaimsSet verified(
      Vo vo, IdentityProvider provider, Known about, JWT idToken, String nonce) {
    IDTokenValidator validator =
        new IDTokenValidator(
            about.metadata().getIssuer(),
            new ClientID(provider.clientId()),
            new JWSVerificationKeySelector<>(algorithms(about.metadata()), about.keys()),
            null);
    try {
      return validator.validate(idToken, new Nonce(nonce));
    } catch (KeySourceException e) {
      throw away(vo, "its keys cannot be fetched", e);
    } catch (BadJOSEException | JOSEException e) {
      SecurityLog.alarm(vo.name(), "an ID token that is not good: " + e.getMessage());
      throw new SpinorException(
          ErrorCode.NOT_AUTHENTICATED, "The identity provider's ID token is not good");
    }
  }

  /** Signatures by key pairs only: our id there is public, so nothing can rest on a secret. */
  private static Set<JWSAlgorithm> algorithms(OIDCProviderMetadata metadata) {
    List<JWSAlgorithm> offered = metadata.getIDTokenJWSAlgs();
    Set<JWSAlgorithm> usable = new HashSet<>(JWSAlgorithm.Family.RSA);
    usable.addAll(JWSAlgorithm.Family.EC);
    if (offered != null) {
      usable.retainAll(offered);
    }
    return usable.isEmpty() ? Set.of(JWSAlgorithm.RS256) : usable;
  }

  private Map<String, Object> userInfo(
      Vo vo, Known about, OIDCTokenResponse tokens, String subject) {
    URI endpoint = about.metadata().getUserInfoEndpointURI();
    if (endpoint == null) {
      return Map.of();
    }
    try {
      UserInfoResponse response =
          UserInfoResponse.parse(
              send(
                  new UserInfoRequest(endpoint, tokens.getOIDCTokens().getAccessToken())
                      .toHTTPRequest()));
      if (!response.indicatesSuccess() || response.toSuccessResponse().getUserInfo() == null) {
        log.warn("the identity provider of {} gives no userinfo that we can read", vo.name());
        return Map.of();
      }
      var info = response.toSuccessResponse().getUserInfo();
      if (!info.getSubject().getValue().equals(subject)) {
        SecurityLog.alarm(vo.name(), "userinfo of somebody else than the ID token's");
        throw new SpinorException(
            ErrorCode.NOT_AUTHENTICATED, "The identity provider's answers do not fit each other");
      }
      return info.toJSONObject();
    } catch (IOException | ParseException e) {
      throw away(vo, "no good answer from its userinfo address", e);
    }
  }

  /** Where our id at the provider has a secret: in a file, read each time. */
  private Optional<String> secret(Vo vo) {
    Path file = secrets.resolve("idp-" + vo.name() + "-client-secret");
    try {
      return SecretFile.read(file)
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
          .filter(text -> !text.isEmpty());
    } catch (BrokerException e) {
      throw away(vo, String.valueOf(e.getMessage()), null);
    }
  }

  private static SpinorException away(Vo vo, String why, @Nullable Exception cause) {
    return away(provider(vo).url(), why, cause);
  }

  private static SpinorException away(String url, String why, @Nullable Exception cause) {
    log.warn(
        "identity provider {}: {}{}", url, why, cause == null ? "" : ": " + cause.getMessage());
    return new SpinorException(
        ErrorCode.EXTERNAL,
        "The identity provider " + url + " cannot be used now; please try again later");
  }
}
