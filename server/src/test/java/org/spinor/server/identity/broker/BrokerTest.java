package org.spinor.server.identity.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spinor.server.identity.broker.BrokerRoom.CE;
import static org.spinor.server.identity.broker.BrokerRoom.SECRET;
import static org.spinor.server.identity.broker.BrokerRoom.order;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.configuration.Configuration.MachineTokens;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.BrokerException.Remedy;
import org.spinor.server.identity.SecretFile;
import org.spinor.server.identity.TokenBroker.OutsideToken;

/** How a provider is asked, how often, and what is remembered. */
@Timeout(120)
class BrokerTest {
  @TempDir Path data;
  private BrokerRoom room;

  @BeforeEach
  void open() throws Exception {
    room = new BrokerRoom(data, Duration.ofSeconds(100));
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void asksByClientCredentialsForScopesAndAudience() throws Exception {
    OutsideToken token = room.ask();
    TokenShop.Request request = room.shop.requests.getFirst();
    assertThat(request.form())
        .containsEntry("grant_type", "client_credentials")
        .containsEntry("scope", "compute.create compute.read")
        .containsEntry("audience", CE)
        .doesNotContainKeys("resource", "client_secret");
    assertThat(new String(Base64.getDecoder().decode(request.authorization().substring(6)), UTF_8))
        .isEqualTo("client-1:" + SECRET);
    JWTClaimsSet claims = SignedJWT.parse(token.value()).getJWTClaimsSet();
    assertThat(claims.getAudience()).containsExactly(CE);
    assertThat(token.expires()).isEqualTo(room.clock.instant().plusSeconds(3600));
    assertThat(token.toString()).doesNotContain(token.value());
  }

  @Test
  void audienceIsNamedAsTheProviderWantsIt() {
    configure("resource", Map.of(), "client_secret_basic");
    assertThatThrownBy(room::ask).isInstanceOf(BrokerException.class); // the shop knows no resource
    assertThat(room.shop.requests.getLast().form())
        .containsEntry("resource", CE)
        .doesNotContainKey("audience");
    configure("both", Map.of(), "client_secret_basic");
    room.ask();
    assertThat(room.shop.requests.getLast().form())
        .containsEntry("resource", CE)
        .containsEntry("audience", CE);
    configure("none", Map.of(CE, "for-ce"), "client_secret_basic");
    room.shop.answer =
        (request, http) ->
            room.shop.give(
                http, room.shop.claims(request).audience(CE), 3600, request.field("scope"));
    room.ask();
    assertThat(room.shop.requests.getLast().form())
        .containsEntry("scope", "compute.create compute.read for-ce")
        .doesNotContainKeys("resource", "audience");
    assertThat(room.logged()).doesNotContain("nobody asked for");
  }

  @Test
  void clientShowsItselfInTheBody() {
    configure("audience", Map.of(), "client_secret_post");
    room.ask();
    assertThat(room.shop.requests.getFirst().authorization()).isEmpty();
    assertThat(room.shop.requests.getFirst().form())
        .containsEntry("client_id", "client-1")
        .containsEntry("client_secret", SECRET);
  }

  @Test
  void clientSignsWithTheKeyThatWasMadeForIt() throws Exception {
    configure("audience", Map.of(), "private_key_jwt");
    assertThatThrownBy(room::ask).hasMessageContaining("spinor admin secrets make-key");
    room.clock.move(Broker.REFUSAL);
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    new SecretsCommand(new ByteArrayInputStream(new byte[0]), nowhere, nowhere)
        .run(List.of("make-key", "--provider", "earth", "--data", data.toString()));
    room.ask();
    TokenShop.Request request = room.shop.requests.getFirst();
    SignedJWT assertion = SignedJWT.parse(request.field("client_assertion"));
    assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo("client-1");
    assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly(room.shop.url());
    assertThat(assertion.getHeader().getKeyID()).isNotBlank();
    assertThat(request.form()).doesNotContainKey("client_secret");
  }

  @Test
  void tokenIsGivenAgainUntilFiveMinutesBeforeItsEnd() {
    OutsideToken first = room.ask();
    room.clock.move(Duration.ofSeconds(3600 - 300 - 1));
    assertThat(room.ask()).isEqualTo(first);
    room.clock.move(Duration.ofSeconds(1));
    assertThat(room.ask()).isNotEqualTo(first);
    assertThat(room.shop.requests).hasSize(2);
  }

  @Test
  void shortTokenIsGivenForHalfItsLife() {
    room.shop.answer =
        (request, http) ->
            room.shop.give(http, room.shop.claims(request), 300, request.field("scope"));
    OutsideToken first = room.ask();
    assertThat(first.expires()).isEqualTo(room.clock.instant().plusSeconds(300));
    room.clock.move(Duration.ofSeconds(149));
    assertThat(room.ask()).isEqualTo(first);
    room.clock.move(Duration.ofSeconds(1));
    assertThat(room.ask()).isNotEqualTo(first);
  }

  @Test
  void otherScopesAudiencesAndVosHaveTokensOfTheirOwn() throws Exception {
    room.configure("mars", room.shop.url(), BrokerRoom.USUAL);
    SecretFile.write(ClientLogin.secretFile(room.secrets, "mars"), "other".getBytes(UTF_8));
    room.ask("compute.read compute.create");
    room.ask("compute.create compute.read");
    assertThat(room.shop.requests).as("the order means nothing").hasSize(1);
    room.ask("compute.read");
    room.broker.token(order("earth", "compute.read", "https://other.example.org"));
    room.broker.token(order("mars", "compute.read", CE));
    assertThat(room.shop.requests).hasSize(4);
  }

  @Test
  void manyAtOnceMakeOneRequest() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    room.shop.answer =
        (request, http) -> {
          asked.countDown();
          go.await();
          room.shop.honest(request, http);
        };
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<OutsideToken>> tokens = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        tokens.add(callers.submit((Callable<OutsideToken>) room::ask));
      }
      asked.await();
      assertThat(tokens).noneMatch(Future::isDone);
      go.countDown();
      OutsideToken first = tokens.getFirst().get();
      for (Future<OutsideToken> token : tokens) {
        assertThat(token.get()).isEqualTo(first);
      }
    }
    assertThat(room.shop.requests).hasSize(1);
  }

  @Test
  void slowProviderDelaysNobodyElse() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (TokenShop slow = new TokenShop(room.clock::instant);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      slow.answer =
          (request, http) -> {
            asked.countDown();
            go.await();
            slow.honest(request, http);
          };
      room.configure("mars", slow.url(), BrokerRoom.USUAL);
      SecretFile.write(ClientLogin.secretFile(room.secrets, "mars"), "other".getBytes(UTF_8));
      Future<OutsideToken> waiting =
          callers.submit(() -> room.broker.token(order("mars", "compute.read", CE)));
      asked.await();
      for (int i = 0; i < 100; i++) {
        room.broker.token(order("earth", "compute.read", CE + i));
      }
      assertThat(waiting.isDone()).isFalse();
      go.countDown();
      assertThat(waiting.get().value()).isNotEmpty();
    }
  }

  @Test
  void refusalIsRememberedForAWhile() {
    room.shop.answer =
        (request, http) -> TokenShop.refuse(http, 400, "invalid_scope", "no compute for you");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(room::ask)
          .isInstanceOfSatisfying(
              BrokerException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.OPERATOR))
          .hasMessageContaining("VO earth, identity provider " + room.shop.url())
          .hasMessageContaining("client-1")
          .hasMessageContaining("invalid_scope: no compute for you")
          .hasMessageContaining("allow the client these scopes");
    }
    assertThat(room.shop.requests).hasSize(1);
    room.shop.answer = room.shop::honest;
    room.clock.move(Broker.REFUSAL.minusSeconds(1));
    assertThatThrownBy(room::ask).isInstanceOf(BrokerException.class);
    room.clock.move(Duration.ofSeconds(1));
    assertThat(room.ask().value()).isNotEmpty();
  }

  @Test
  void silenceIsRememberedForLess() {
    room.shop.answer = (request, http) -> TokenShop.say(http, 503, "text/plain", "maintenance");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(room::ask)
          .isInstanceOfSatisfying(
              BrokerException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.LATER))
          .hasMessageContaining("HTTP 503");
    }
    assertThat(room.shop.requests).hasSize(1);
    room.shop.answer = room.shop::honest;
    room.clock.move(Broker.SILENCE);
    assertThat(room.ask().value()).isNotEmpty();
  }

  @Test
  void anotherConfigurationCountsAtOnce() {
    room.shop.answer = (request, http) -> TokenShop.refuse(http, 401, "invalid_client", "who?");
    assertThatThrownBy(room::ask).hasMessageContaining("check IdP.Tokens.ClientID");
    room.shop.answer = room.shop::honest;
    configure("audience", Map.of(), "client_secret_post");
    assertThat(room.ask().value()).isNotEmpty();
  }

  @Test
  void exchangesATokenAndKeepsNothing() {
    String subject = "subject-token-of-somebody";
    OutsideToken first =
        room.broker.exchange(order("earth", "storage.read:/data", "https://se"), subject);
    OutsideToken second =
        room.broker.exchange(order("earth", "storage.read:/data", "https://se"), subject);
    assertThat(first.value()).isNotEmpty();
    assertThat(second.value()).isNotEmpty();
    assertThat(room.shop.with("token-exchange")).hasSize(2);
    assertThat(room.shop.requests.getFirst().form())
        .containsEntry("subject_token", subject)
        .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .containsEntry("requested_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .containsEntry("audience", "https://se")
        .containsEntry("scope", "storage.read:/data");
    room.shop.answer =
        (request, http) ->
            TokenShop.refuse(http, 400, "invalid_grant", "expired: " + subject + "\r\nFAKE");
    assertThatThrownBy(
            () -> room.broker.exchange(order("earth", "storage.read:/", "https://se"), subject))
        .isInstanceOfSatisfying(
            BrokerException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.CALLER))
        .hasMessageContaining("expired: ***FAKE");
    assertThat(room.logged()).contains("for another's token").doesNotContain(subject);
  }

  @Test
  void eachPurposeStandsOnceInTheSecurityLogAndNoTokenAnywhere() {
    OutsideToken token = room.ask();
    room.ask();
    room.broker.token(
        new org.spinor.server.identity.TokenBroker.Order(
            "earth", order("earth", "compute.create compute.read", CE).scopes(), CE, "elsewhere"));
    String logged = room.logged();
    assertThat(logged.lines().filter(line -> line.startsWith("security: ")))
        .containsExactly(
            "security: %s gives a token: VO earth, scope 'compute.create compute.read', audience %s, until 2050-01-01T13:00:00Z, to LCG.Example.org/ce/long"
                .formatted(room.shop.url(), CE),
            "security: %s gives a token: VO earth, scope 'compute.create compute.read', audience %s, until 2050-01-01T13:00:00Z, to elsewhere"
                .formatted(room.shop.url(), CE));
    assertThat(logged).doesNotContain(token.value(), SECRET);
  }

  @Test
  void onlyScopesOfTheProfileOrOfTheOperatorAreAskedFor() {
    for (String scope :
        List.of(
            "compute.all",
            "storage.read",
            "storage.read:data",
            "storage.read:/a/../b",
            "storage.read:/a//b",
            "openid",
            "offline_access",
            "storage.write:/")) {
      assertThatThrownBy(() -> room.ask("compute.read " + scope))
          .as(scope)
          .isInstanceOfSatisfying(
              BrokerException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.CALLER))
          .hasMessageContaining("'" + scope + "'");
    }
    assertThatThrownBy(() -> room.broker.token(order("earth", "compute.read", " ")))
        .hasMessageContaining("without an audience");
    assertThat(room.shop.requests).isEmpty();
    room.ask(
        "storage.read:/ storage.stage:/a/b storage.create:/a/ storage.modify:/x.y condor:/READ");
    assertThat(room.shop.requests).hasSize(1);
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    assertThatThrownBy(() -> room.broker.token(order("pluto", "compute.read", CE)))
        .hasMessageContaining("VO pluto")
        .hasMessageContaining("Registry.pluto.IdP.Tokens is missing");
    Path secret = ClientLogin.secretFile(room.secrets, "earth");
    Files.delete(secret);
    assertThatThrownBy(room::ask)
        .hasMessageContaining("spinor admin secrets set --provider earth")
        .hasMessageContaining(secret.toString());
    SecretFile.write(room.secrets.resolve("idp-earth-client-secret"), "login".getBytes(UTF_8));
    room.clock.move(Broker.REFUSAL);
    assertThatThrownBy(room::ask).as("of another client").isInstanceOf(BrokerException.class);
    room.configure(
        "earth",
        room.shop.url(),
        new MachineTokens(
            "login-client", "client_secret_basic", "audience", new TreeMap<>(), Set.of(), 21_600));
    assertThat(room.ask().value()).isNotEmpty();
  }

  private void configure(String audience, Map<String, String> scopes, String authentication) {
    room.configure(
        "earth",
        room.shop.url(),
        new MachineTokens(
            "client-1", authentication, audience, new TreeMap<>(scopes), Set.of(), 21_600));
  }
}
