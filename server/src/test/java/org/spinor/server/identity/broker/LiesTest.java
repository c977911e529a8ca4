package org.spinor.server.identity.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spinor.server.identity.broker.BrokerRoom.CE;
import static org.spinor.server.identity.broker.BrokerRoom.SECRET;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.BrokerException.Remedy;

/** A token endpoint that gives something else than what it was asked for. */
@Timeout(120)
class LiesTest {
  private static final String ASKED = "compute.create compute.read";
  @TempDir Path data;
  private BrokerRoom room;

  @BeforeEach
  void open() throws Exception {
    room = new BrokerRoom(data, Duration.ofSeconds(60));
  }

  @AfterEach
  void close() {
    room.close();
  }

  private void fails(Remedy remedy, String... words) {
    assertThatThrownBy(room::ask)
        .isInstanceOfSatisfying(
            BrokerException.class, e -> assertThat(e.remedy()).isEqualTo(remedy))
        .hasMessageContaining("VO earth, identity provider " + room.shop.url())
        .hasMessageContainingAll(words);
    assertThat(room.logged()).doesNotContain(SECRET, "eyJ");
  }

  @Test
  void widerScopesAreRefusedWhereverTheyShow() {
    for (String more :
        List.of("compute.modify", "storage.read:/", "storage.modify:/x", "condor:/WRITE")) {
      room.shop.answer =
          (request, http) ->
              room.shop.give(
                  http, room.shop.claims(request).claim("scope", ASKED + " " + more), 3600, ASKED);
      fails(Remedy.OPERATOR, "more power than was asked for, " + more);
      room.clock.move(Broker.REFUSAL);
      room.shop.answer =
          (request, http) -> room.shop.give(http, "opaque", "Bearer", 3600, ASKED + " " + more);
      fails(Remedy.OPERATOR, "more power than was asked for, " + more);
      room.clock.move(Broker.REFUSAL);
    }
  }

  @Test
  void scopesWithoutPowerAreNoted() {
    room.shop.answer =
        (request, http) ->
            room.shop.give(
                http,
                room.shop
                    .claims(request)
                    .claim("scope", List.of("compute.create", "compute.read", "profile")),
                3600,
                ASKED + " profile email");
    assertThat(room.ask().value()).isNotEmpty();
    assertThat(room.logged())
        .contains("has scopes that nobody asked for: email profile")
        .contains("scope 'compute.create compute.read email profile'");
  }

  @Test
  void fewerScopesAreRefusedBeforeAnElementDoes() {
    room.shop.answer =
        (request, http) ->
            room.shop.give(
                http, room.shop.claims(request).claim("scope", "compute.read"), 3600, "");
    fails(Remedy.OPERATOR, "without the scope compute.create", "client-1");
  }

  @Test
  void opaqueTokenIsTakenAtItsWord() {
    room.shop.answer = (request, http) -> room.shop.give(http, "opaque", "Bearer", 3600, "");
    assertThat(room.ask().value()).isEqualTo("opaque");
    assertThat(room.logged()).doesNotContain("opaque");
  }

  @Test
  void anotherAudienceIsRefusedAndAFurtherOneNoted() {
    room.shop.answer =
        (request, http) ->
            room.shop.give(
                http, room.shop.claims(request).audience("https://evil.example.org"), 3600, "");
    fails(Remedy.OPERATOR, "https://evil.example.org", "IdP.Tokens.Audience");
    room.clock.move(Broker.REFUSAL);
    room.shop.answer =
        (request, http) ->
            room.shop.give(http, room.shop.claims(request).audience((List<String>) null), 3600, "");
    fails(Remedy.OPERATOR, "a token for everybody");
    room.clock.move(Broker.REFUSAL);
    room.shop.answer =
        (request, http) ->
            room.shop.give(
                http, room.shop.claims(request).audience(List.of(CE, "account")), 3600, "");
    assertThat(room.ask().value()).isNotEmpty();
    assertThat(room.logged()).contains("good for other audiences too: account");
  }

  @Test
  void tokensThatLiveTooLongOrNotAtAllAreRefused() {
    room.shop.answer =
        (request, http) ->
            room.shop.give(http, room.shop.claims(request).expirationTime(in(90_000)), 90_000, "");
    fails(Remedy.OPERATOR, "lives 90000 s", "IdP.Tokens.MaxSeconds (21600)");
    room.clock.move(Broker.REFUSAL);
    room.shop.answer =
        (request, http) ->
            room.shop.give(http, room.shop.claims(request).expirationTime(in(-1)), 3600, "");
    fails(Remedy.OPERATOR, "ends in -1 s", "clocks");
    room.clock.move(Broker.REFUSAL);
    room.shop.answer = (request, http) -> room.shop.give(http, "opaque", "Bearer", 0, "");
    fails(Remedy.OPERATOR, "does not say when it ends");
  }

  @Test
  void earlierOfTwoEndsCounts() {
    room.shop.answer =
        (request, http) ->
            room.shop.give(http, room.shop.claims(request).expirationTime(in(600)), 3600, "");
    assertThat(room.ask().expires()).isEqualTo(in(600).toInstant());
  }

  @Test
  void anotherIssuerOrTypeIsRefused() {
    room.shop.answer =
        (request, http) ->
            room.shop.give(
                http, room.shop.claims(request).issuer("https://evil.example.org"), 3600, "");
    fails(Remedy.OPERATOR, "another issuer, https://evil.example.org");
    room.clock.move(Broker.REFUSAL);
    room.shop.answer = (request, http) -> room.shop.give(http, "opaque", "DPoP", 3600, "");
    fails(Remedy.OPERATOR, "of type DPoP");
  }

  @Test
  void garbageIsNeitherTakenNorShown() {
    for (String garbage :
        List.of(
            "{\"access_token\": \"eyJhbGciOiJIUzI1NiJ9.e30.x\"",
            "<html>eyJhbGciOiJIUzI1NiJ9.e30.x</html>",
            "{\"access_token\": [\"eyJhbGciOiJIUzI1NiJ9.e30.x\"], \"token_type\": \"Bearer\"}",
            "")) {
      for (String type : List.of("application/json", "text/html", "nonsense")) {
        room.shop.answer = (request, http) -> TokenShop.say(http, 200, type, garbage);
        fails(Remedy.LATER, "token endpoint");
        room.clock.move(Broker.SILENCE);
      }
    }
  }

  @Test
  void serverErrorsTooManyRequestsAndRedirectsPass() {
    for (int status : List.of(500, 502, 503, 429, 302)) {
      room.shop.answer =
          (request, http) -> {
            http.getResponseHeaders().set("Location", room.shop.url() + "/elsewhere");
            TokenShop.say(http, status, "text/plain", "");
          };
      fails(Remedy.LATER, "HTTP " + status);
      room.clock.move(Broker.SILENCE);
    }
  }

  @Test
  void echoedSecretIsNotShown() {
    room.shop.answer =
        (request, http) ->
            TokenShop.refuse(http, 401, "invalid_client", "wrong secret " + SECRET + " given");
    fails(Remedy.OPERATOR, "wrong secret *** given");
  }

  @Test
  void refreshTokenIsThrownAway() {
    room.shop.answer =
        (request, http) ->
            TokenShop.say(
                http,
                200,
                "application/json",
                "{\"access_token\":\"opaque\",\"token_type\":\"bearer\",\"expires_in\":600,\"refresh_token\":\"forever\"}");
    assertThat(room.ask().value()).isEqualTo("opaque");
    assertThat(room.logged()).contains("thrown away").doesNotContain("forever");
  }

  @Test
  void whoDripsForEverIsNotWaitedFor() throws Exception {
    room.close();
    room = new BrokerRoom(data.resolve("short"), Duration.ofSeconds(2));
    CountDownLatch over = new CountDownLatch(1);
    room.shop.answer =
        (request, http) -> {
          http.getResponseHeaders().set("Content-Type", "application/json");
          http.sendResponseHeaders(200, 0);
          http.getResponseBody().write('{');
          http.getResponseBody().flush();
          over.await();
        };
    fails(Remedy.LATER, "no answer within 2 s");
    over.countDown();
  }

  @Test
  void endlessAnswerIsCutOff() {
    room.shop.answer =
        (request, http) -> {
          http.getResponseHeaders().set("Content-Type", "application/json");
          http.sendResponseHeaders(200, 0);
          byte[] blanks = " ".repeat(100_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
          for (int i = 0; i < 100; i++) {
            http.getResponseBody().write(blanks);
          }
        };
    fails(Remedy.LATER, "token endpoint");
  }

  @Test
  void nobodyThereIsForLater() {
    room.shop.close();
    fails(Remedy.LATER, "cannot be reached");
  }

  private Date in(long seconds) {
    return Date.from(room.clock.instant().plusSeconds(seconds));
  }
}
