package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.Secrets;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LegacyExchangeTest {
  private static final byte[] KEY =
      "a key of an old DIRAC, \u00ff".getBytes(StandardCharsets.UTF_8);
  private static final String RIGHT =
      "Bearer diracx:legacy:" + Base64.getUrlEncoder().encodeToString(KEY);
  private static final String ALICE = "?preferred_username=alice&scope=vo:earth%20group:users";
  @TempDir static Path data;
  private Slice server;

  @BeforeAll
  void start() {
    server = new Slice(data, Map.of("spinor.legacy-exchange-key-hash", Secrets.hash(KEY)));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void oldDiracGetsTokensOfItsUsersThatAreNotSpentByUse() throws Exception {
    Answer tokens = exchange(ALICE + "%20property:JobSharing&expires_minutes=90", RIGHT);
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    String refresh = tokens.json().path("refresh_token").asString();
    SignedJWT parsed = SignedJWT.parse(refresh);
    assertThat(parsed.getJWTClaimsSet().getBooleanClaim("legacy_exchange")).isTrue();
    assertThat(parsed.getJWTClaimsSet().getExpirationTime())
        .isEqualTo(server.clock.instant().plus(Duration.ofMinutes(90)));
    Answer who = server.get("/api/auth/userinfo", tokens.json().path("access_token").asString());
    assertThat(who.json().path("sub").asString()).isEqualTo("earth:s-alice");
    assertThat(who.json().path("properties").valueStream().map(each -> each.asString()))
        .containsExactly("JobSharing", "NormalUser");
    for (int i = 0; i < 2; i++) {
      Answer again = refresh(refresh);
      assertThat(again.status()).as(again.text()).isEqualTo(200);
      assertThat(again.json().path("refresh_token").asString()).isEqualTo(refresh);
    }
    server.form("/api/auth/revoke", "token=" + refresh);
    assertThat(refresh(refresh).status()).isEqualTo(401);
  }

  @Test
  void lifeIsThatOfALoginUnlessSaid() throws Exception {
    Answer tokens = exchange(ALICE, RIGHT);
    assertThat(
            SignedJWT.parse(tokens.json().path("refresh_token").asString())
                .getJWTClaimsSet()
                .getExpirationTime())
        .isEqualTo(server.clock.instant().plus(Duration.ofHours(8)));
    for (String wrong : List.of("0", "-1", "x", "99999999")) {
      assertThat(exchange(ALICE + "&expires_minutes=" + wrong, RIGHT).status()).isEqualTo(422);
    }
  }

  @Test
  void refusalsAreThoseOfTheContract() throws Exception {
    String other = Base64.getUrlEncoder().encodeToString("other".getBytes(StandardCharsets.UTF_8));
    refused(ALICE, "Bearer diracx:legacy:" + other, 401, "Invalid credentials");
    refused(ALICE, "Bearer diracx:legacy:", 401, "Invalid credentials");
    refused(ALICE, "Bearer diracx:legacy:&&", 400, "Invalid authorization header");
    refused(ALICE, "Bearer x", 400, "Invalid authorization header");
    refused(ALICE, "Basic x", 400, "Invalid authorization header");
    String unknown = "Invalid scope or preferred_username";
    refused(ALICE.replace("alice", "nobody"), RIGHT, 400, unknown);
    refused(ALICE.replace("earth", "nope"), RIGHT, 400, unknown);
    refused(ALICE.replace("alice", "marvin"), RIGHT, 400, unknown);
    refused(
        ALICE.replace("group:users", "group:admin"),
        RIGHT,
        403,
        "User is not a member of the requested group (alice, admin)");
    assertThat(server.send(server.request("/api/auth/legacy-exchange" + ALICE)).status())
        .isEqualTo(422);
    assertThat(exchange("?preferred_username=alice", RIGHT).status()).isEqualTo(422);
    assertThat(
            server
                .send(server.request("/api/openapi.json"))
                .json()
                .path("paths")
                .has("/api/auth/legacy-exchange"))
        .isFalse();
  }

  @Test
  void withoutAKeyItIsClosed(@TempDir Path other) throws Exception {
    try (Slice closed = new Slice(other)) {
      HttpRequest.Builder request =
          closed.request("/api/auth/legacy-exchange" + ALICE).header("Authorization", RIGHT);
      Answer answer = closed.send(request);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.detail()).isEqualTo("Legacy exchange is not enabled");
    }
  }

  private void refused(String query, String authorization, int status, String detail)
      throws Exception {
    Answer answer = exchange(query, authorization);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.detail()).isEqualTo(detail);
  }

  private Answer exchange(String query, String authorization) throws Exception {
    return server.send(
        server.request("/api/auth/legacy-exchange" + query).header("Authorization", authorization));
  }

  private Answer refresh(String token) throws Exception {
    return server.form(
        "/api/auth/token",
        "client_id=myDIRACClientID&grant_type=refresh_token&refresh_token=" + token);
  }
}
