package org.spinor.server.identity.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.spinor.server.web.WireJson;

/**
 * An identity provider that lets everybody in as {@link #subject}. It holds callers to the protocol
 * (client, address, PKCE, one use of a code), and lies where a test tells it to.
 */
public final class FakeProvider implements AutoCloseable {
  public static final String CLIENT = "spinor-at-provider";

  public final RSAKey key = rsa();
  public final Map<String, Object> claims = new ConcurrentHashMap<>();
  public final Map<String, Object> userInfo = new ConcurrentHashMap<>();
  public volatile String subject = "s-alice";
  public volatile String secret = "";
  public volatile boolean denies;
  public volatile UnaryOperator<String> issuerOfAnswer = UnaryOperator.identity();
  public volatile UnaryOperator<JWTClaimsSet> claimsOfToken = UnaryOperator.identity();
  public volatile Function<JWTClaimsSet, JWT> signature = this::signed;
  private final HttpServer server;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  public FakeProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext("/.well-known/openid-configuration", http -> json(http, 200, document()));
    server.createContext(
        "/jwks", http -> json(http, 200, new JWKSet(key).toPublicJWKSet().toJSONObject()));
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.createContext("/userinfo", this::userInfo);
    server.start();
  }

  public static RSAKey rsa() {
    try {
      return new RSAKeyGenerator(2048)
          .keyID(UUID.randomUUID().toString())
          .algorithm(JWSAlgorithm.RS256)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Forgets what tests have told it. */
  public void behave() {
    claims.clear();
    userInfo.clear();
    subject = "s-alice";
    secret = "";
    denies = false;
    issuerOfAnswer = UnaryOperator.identity();
    claimsOfToken = UnaryOperator.identity();
    signature = this::signed;
  }

  private Map<String, Object> document() {
    return Map.of(
        "issuer",
        url(),
        "authorization_endpoint",
        url() + "/authorize",
        "token_endpoint",
        url() + "/token",
        "userinfo_endpoint",
        url() + "/userinfo",
        "jwks_uri",
        url() + "/jwks",
        "response_types_supported",
        List.of("code"),
        "subject_types_supported",
        List.of("public"),
        "id_token_signing_alg_values_supported",
        List.of("RS256", "HS256", "none"));
  }

  private void authorize(HttpExchange http) throws IOException {
    Map<String, String> asked = fields(http.getRequestURI().getRawQuery());
    boolean good =
        "code".equals(asked.get("response_type"))
            && CLIENT.equals(asked.get("client_id"))
            && "S256".equals(asked.get("code_challenge_method"))
            && List.of(asked.getOrDefault("scope", "").split(" ")).contains("openid")
            && asked.containsKey("nonce")
            && asked.containsKey("state");
    if (!good) {
      json(http, 400, Map.of("error", "invalid_request"));
      return;
    }
    String code = UUID.randomUUID().toString();
    codes.put(code, asked);
    String answer = denies ? "error=access_denied" : "code=" + code;
    http.getResponseHeaders()
        .set(
            "Location",
            asked.get("redirect_uri")
                + "?"
                + answer
                + "&state="
                + asked.get("state")
                + "&iss="
                + URLEncoder.encode(issuerOfAnswer.apply(url()), UTF_8));
    http.sendResponseHeaders(302, -1);
    http.close();
  }

  private void token(HttpExchange http) throws IOException {
    Map<String, String> form = fields(new String(http.getRequestBody().readAllBytes(), UTF_8));
    Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
    String authorization =
        Objects.requireNonNullElse(http.getRequestHeaders().getFirst("Authorization"), "");
    if (!secret.isEmpty() && !authorization.startsWith("Basic ")) {
      json(http, 401, Map.of("error", "invalid_client"));
      return;
    }
    boolean good =
        asked != null
            && "authorization_code".equals(form.get("grant_type"))
            && (CLIENT.equals(form.get("client_id")) || !secret.isEmpty())
            && asked.getOrDefault("redirect_uri", "").equals(form.get("redirect_uri"))
            && CodeChallenge.compute(
                    CodeChallengeMethod.S256,
                    new CodeVerifier(form.getOrDefault("code_verifier", "x".repeat(43))))
                .getValue()
                .equals(asked.get("code_challenge"));
    if (!good || asked == null) {
      json(http, 400, Map.of("error", "invalid_grant"));
      return;
    }
    Instant now = Instant.now();
    JWTClaimsSet.Builder token =
        new JWTClaimsSet.Builder()
            .issuer(url())
            .subject(subject)
            .audience(CLIENT)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)))
            .claim("nonce", asked.get("nonce"));
    claims.forEach(token::claim);
    json(
        http,
        200,
        Map.of(
            "access_token",
            "opaque",
            "token_type",
            "Bearer",
            "expires_in",
            300,
            "id_token",
            signature.apply(claimsOfToken.apply(token.build())).serialize()));
  }

  private void userInfo(HttpExchange http) throws IOException {
    Map<String, Object> answer = new LinkedHashMap<>(Map.of("sub", subject));
    answer.putAll(userInfo);
    json(http, 200, answer);
  }

  private JWT signed(JWTClaimsSet token) {
    return signed(token, key, key.getKeyID());
  }

  public static JWT signed(JWTClaimsSet token, RSAKey by, String keyId) {
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(), token);
    try {
      jwt.sign(new RSASSASigner(by));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwt;
  }

  private static Map<String, String> fields(String query) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      String[] both = pair.split("=", 2);
      fields.put(both[0], both.length > 1 ? URLDecoder.decode(both[1], UTF_8) : "");
    }
    return fields;
  }

  private static void json(HttpExchange http, int status, Map<String, ?> body) throws IOException {
    byte[] bytes = WireJson.mapper().writeValueAsBytes(body);
    http.getResponseHeaders().set("Content-Type", "application/json");
    http.sendResponseHeaders(status, bytes.length);
    try (http) {
      http.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
