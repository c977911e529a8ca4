package org.spinor.server.identity.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.spinor.server.web.WireJson;

/**
 * An identity provider with a token endpoint, over HTTP. It gives what is asked for, and lies where
 * a test tells it to.
 */
final class TokenShop implements AutoCloseable {
  /** One request as it arrived. */
  record Request(String authorization, Map<String, String> form) {
    String field(String name) {
      return form.getOrDefault(name, "");
    }
  }

  /** What it does with a request. */
  interface Answer {
    void to(Request request, HttpExchange http) throws IOException, InterruptedException;
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  volatile Answer answer = this::honest;
  private final HttpServer server;
  private final Supplier<Instant> clock;

  TokenShop(Supplier<Instant> clock) throws IOException {
    this.clock = clock;
    server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/.well-known/openid-configuration", this::document);
    server.createContext("/token", this::token);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private void document(HttpExchange http) throws IOException {
    try (http) {
      json(
          http,
          200,
          Map.of(
              "issuer",
              url(),
              "token_endpoint",
              url() + "/token",
              "jwks_uri",
              url() + "/jwks",
              "response_types_supported",
              List.of("code"),
              "subject_types_supported",
              List.of("public")));
    }
  }

  private void token(HttpExchange http) throws IOException {
    String authorization = http.getRequestHeaders().getFirst("Authorization");
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair : new String(http.getRequestBody().readAllBytes(), UTF_8).split("&")) {
      String[] both = pair.split("=", 2);
      form.put(both[0], both.length > 1 ? URLDecoder.decode(both[1], UTF_8) : "");
    }
    Request request = new Request(authorization == null ? "" : authorization, form);
    requests.add(request);
    try {
      answer.to(request, http);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      http.close();
    }
  }

  void honest(Request request, HttpExchange http) throws IOException {
    give(http, claims(request), 3600, request.field("scope"));
  }

  /** Claims of the token that was asked for; it lives an hour. */
  JWTClaimsSet.Builder claims(Request request) {
    Instant now = clock.get();
    return new JWTClaimsSet.Builder()
        .issuer(url())
        .subject("client-1")
        .audience(request.field("audience"))
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(3600)))
        .claim("scope", request.field("scope"));
  }

  void give(HttpExchange http, JWTClaimsSet.Builder claims, long seconds, String scope)
      throws IOException {
    give(http, token(claims.build()), "Bearer", seconds, scope);
  }

  /**
   * @param seconds 0: not a word about it; likewise an empty scope
   */
  void give(HttpExchange http, String token, String type, long seconds, String scope)
      throws IOException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("access_token", token);
    body.put("token_type", type);
    if (seconds > 0) {
      body.put("expires_in", seconds);
    }
    if (!scope.isEmpty()) {
      body.put("scope", scope);
    }
    json(http, 200, body);
  }

  static void refuse(HttpExchange http, int status, String error, String description)
      throws IOException {
    json(http, status, Map.of("error", error, "error_description", description));
  }

  static void say(HttpExchange http, int status, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    http.getResponseHeaders().set("Content-Type", type);
    http.sendResponseHeaders(status, bytes.length);
    http.getResponseBody().write(bytes);
  }

  static String token(JWTClaimsSet claims) {
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      jwt.sign(new MACSigner(new byte[32]));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwt.serialize();
  }

  /** What arrived with one grant. */
  List<Request> with(String grant) {
    List<Request> found = new ArrayList<>(requests);
    found.removeIf(request -> !request.field("grant_type").endsWith(grant));
    return found;
  }

  private static void json(HttpExchange http, int status, Map<String, ?> body) throws IOException {
    say(http, status, "application/json", WireJson.mapper().writeValueAsString(body));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
