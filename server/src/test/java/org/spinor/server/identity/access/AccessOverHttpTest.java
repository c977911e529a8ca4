package org.spinor.server.identity.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.tokens.Tokens;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessOverHttpTest {
  private static final Duration LIFE = Duration.ofMinutes(20);
  @TempDir static Path data;
  private Slice server;
  private Tokens tokens;

  @BeforeAll
  void start() {
    server = new Slice(data);
    tokens = server.bean(Tokens.class);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void withoutATokenTheAnswerSaysSo() throws Exception {
    Answer answer = server.send(server.request("/api/probe/x"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.detail()).isEqualTo("Authorization header is missing");
    assertThat(answer.json().path("code").asString()).isEqualTo("NOT_AUTHENTICATED");
    assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
  }

  @Test
  void anotherSchemeIsABadRequest() throws Exception {
    for (String header : List.of("Basic dTpw", "Bearer", "Token x", "")) {
      Answer answer = server.send(server.request("/api/probe/x").header("Authorization", header));
      assertThat(answer.status()).as(header).isEqualTo(400);
      assertThat(answer.detail()).isEqualTo("Invalid authorization header");
    }
  }

  @Test
  void badTokenIsRefused() throws Exception {
    String good = person("NormalUser");
    for (String bad : List.of("nonsense", good + "x", good.substring(0, good.length() - 9))) {
      Answer answer = server.get("/api/probe/x", bad);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.detail()).isEqualTo("Invalid JWT");
      assertThat(answer.header("WWW-Authenticate").orElse("")).startsWith("Bearer");
    }
  }

  @Test
  void tokenEndsWithItsTime() throws Exception {
    String token = person("NormalUser");
    assertThat(server.get("/api/probe/x", token).status()).isEqualTo(200);
    server.clock.move(LIFE);
    assertThat(server.get("/api/probe/x", token).detail()).isEqualTo("Invalid JWT");
  }

  @Test
  void reachIsTheWidestOfTheRoles() throws Exception {
    assertReach("own", person("NormalUser"));
    assertReach("vo", person("NormalUser", "JobAdministrator"));
    assertReach("all", person("CSAdministrator", "NormalUser"));
  }

  @Test
  void payloadComesWithItsAttempt() throws Exception {
    String token =
        tokens.forPayload(
            new AttemptId(new JobId(12), 2), "stamp-1", "earth", "alice", "users", LIFE, false);
    Answer answer = server.get("/api/probe/x", token);
    assertThat(answer.json().path("attempt").asString()).isEqualTo("12.2");
    assertThat(answer.json().path("reach").asString()).isEqualTo("own");
    assertThat(server.get("/api/auth/userinfo", token).json().path("properties")).isEmpty();
    Answer refused = server.get("/api/auth/refresh-tokens", token);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail())
        .isEqualTo(
            "Forbidden: GET /api/auth/refresh-tokens is for ProxyManagement, member;"
                + " you are the payload of job 12");
  }

  @Test
  void whomNobodyVouchesForReachesNothingButItsOwn() throws Exception {
    String payload =
        tokens.forPayload(
            new AttemptId(new JobId(12), 2), "stamp-1", "earth", "alice", "users", LIFE, true);
    assertThat(server.get("/api/probe/x", payload).status()).isEqualTo(200);
    assertThat(server.get("/api/auth/userinfo", payload).status()).isEqualTo(200);
    Answer refused = server.get("/api/probe/x", tokens.forPilot("earth", "stamp-1", LIFE, true));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail()).contains("at a machine that nobody vouches for");
  }

  @Test
  void refusalSaysWhatWouldDo() throws Exception {
    Answer answer = server.get("/api/probe/x", person("Operator"));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().path("code").asString()).isEqualTo("FORBIDDEN");
    assertThat(answer.detail())
        .isEqualTo(
            "Forbidden: GET /api/probe/{thing} is for CSAdministrator, JobAdministrator,"
                + " NormalUser, payload; you are alice of group users in earth with Operator");
    Answer pilot = server.get("/api/probe/x", tokens.forPilot("earth", "stamp-1", LIFE, false));
    assertThat(pilot.status()).isEqualTo(403);
    assertThat(pilot.detail()).endsWith("you are pilot stamp-1");
  }

  @Test
  void decisionComesBeforeTheBodyIsRead() throws Exception {
    Answer answer = server.json("/api/probe", "{ broken");
    assertThat(answer.status()).isEqualTo(401);
    HttpRequest.Builder broken =
        server
            .request("/api/probe")
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + person())
            .POST(HttpRequest.BodyPublishers.ofString("{ broken"));
    assertThat(server.send(broken).status()).isEqualTo(422);
  }

  @Test
  void openRouteTakesAnybodyEvenWithABadToken() throws Exception {
    assertThat(server.send(server.request("/api/open")).text()).isEqualTo("open");
    assertThat(server.get("/api/open", "nonsense").text()).isEqualTo("open");
    assertThat(server.get("/api/open", person()).text()).isEqualTo("open");
  }

  @Test
  void noWayOfWritingAPathGetsPastTheTable() throws Exception {
    String token = person("Operator");
    for (String path :
        List.of(
            "/api/probe/x;a=b",
            "/api/probe//x",
            "//api/probe/x",
            "/api/open/../probe/x",
            "/api/open/%2e%2e/probe/x",
            "/api/%70robe/x",
            "/api/probe/x%2f",
            "/api/probe/x/",
            "/API/probe/x",
            "/api/probe/%2e",
            "/api/probe/x%00",
            "/api\\probe/x")) {
      HttpRequest.Builder request;
      try {
        request = server.request(path);
      } catch (IllegalArgumentException e) {
        continue; // not even a URI
      }
      Answer answer = server.send(request.header("Authorization", "Bearer " + token));
      assertThat(answer.status()).as(path + ": " + answer.text()).isBetween(300, 499);
    }
  }

  @Test
  void headIsAskedAsGet() throws Exception {
    HttpRequest.Builder head =
        server.request("/api/probe/x").method("HEAD", HttpRequest.BodyPublishers.noBody());
    assertThat(server.send(head).status()).isEqualTo(401);
    assertThat(server.send(head.header("Authorization", "Bearer " + person("NormalUser"))).status())
        .isEqualTo(200);
  }

  @Test
  void unknownRoutesAndMethodsAreNotFoundForEverybody() throws Exception {
    assertThat(server.send(server.request("/api/nothing")).status()).isEqualTo(404);
    Answer nothing = server.json("/api/nothing", "{}");
    assertThat(nothing.status()).isEqualTo(404);
    assertThat(nothing.detail()).isEqualTo("Not Found");
    Answer delete = server.send(server.request("/api/probe/x").DELETE());
    assertThat(delete.status()).isEqualTo(405);
    assertThat(delete.detail()).isEqualTo("Method Not Allowed");
    HttpRequest.Builder options =
        server.request("/api/probe/x").method("OPTIONS", HttpRequest.BodyPublishers.noBody());
    assertThat(server.send(options).status()).isEqualTo(405);
  }

  @Test
  void pagesOfKnownOriginsMayCallAndOthersLearnNothing() throws Exception {
    Answer known = preflight("http://localhost:3000");
    assertThat(known.status()).isEqualTo(200);
    assertThat(known.header("Access-Control-Allow-Origin")).contains("http://localhost:3000");
    assertThat(known.header("Access-Control-Allow-Credentials")).contains("true");
    assertThat(known.header("Access-Control-Allow-Headers").orElse(""))
        .containsIgnoringCase("authorization");
    assertThat(known.header("Access-Control-Max-Age")).contains("600");
    Answer stranger = preflight("https://evil.example.org");
    assertThat(stranger.status()).isEqualTo(400);
    assertThat(stranger.text()).isEqualTo("Disallowed CORS origin");
    assertThat(stranger.header("Access-Control-Allow-Origin")).isEmpty();

    Answer page =
        server.send(server.request("/api/open").header("Origin", "http://localhost:3000"));
    assertThat(page.header("Access-Control-Expose-Headers").orElse("")).contains("Content-Range");
    Answer other =
        server.send(server.request("/api/open").header("Origin", "https://evil.example.org"));
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(other.header("Vary").orElse("")).contains("Origin");
  }

  private Answer preflight(String origin) throws Exception {
    return server.send(
        server
            .request("/api/probe/x")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "GET")
            .header("Access-Control-Request-Headers", "authorization,content-type"));
  }

  private void assertReach(String reach, String token) throws Exception {
    Answer answer = server.get("/api/probe/x", token);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("reach").asString()).isEqualTo(reach);
    assertThat(answer.json().path("caller").asString()).isEqualTo("earth:s-alice");
  }

  private String person(String... properties) {
    return tokens.forPerson(
        new Person("earth:s-alice", "alice", "earth", "users", Set.of(properties)), LIFE);
  }
}
