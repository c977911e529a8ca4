package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.Secrets;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;
import org.spinor.server.identity.accounts.TestAccounts;
import org.spinor.server.identity.logins.TestBrowser.Shown;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceFlowTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String START = "/api/auth/device?client_id=myDIRACClientID&scope=";
  private static final String GRANT =
      "client_id=myDIRACClientID&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=";
  @TempDir static Path data;
  private Slice server;

  @BeforeAll
  void start() {
    server = new Slice(data);
    TestAccounts.add(server, "earth", "alice", "s-alice", PASSWORD);
    TestAccounts.add(server, "mars", "marvin", "s-marvin", PASSWORD);
  }

  @BeforeEach
  void everybodyIsForgiven() {
    server.clock.move(Duration.ofMinutes(6));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void userLogsInAllowsAndTheDeviceGetsTokensOnce() throws Exception {
    JsonNode device = start("vo:earth%20group:experts");
    assertThat(device.propertyNames())
        .containsExactlyInAnyOrder(
            "user_code",
            "device_code",
            "verification_uri_complete",
            "verification_uri",
            "expires_in");
    String userCode = device.path("user_code").asString();
    assertThat(userCode).matches("[BCDFGHJKLMNPQRSTVWXZ]{8}");
    assertThat(device.path("expires_in").asInt()).isEqualTo(600);
    assertThat(device.path("verification_uri").asString())
        .isEqualTo(server.base() + "/api/auth/device");
    assertThat(device.path("verification_uri_complete").asString())
        .isEqualTo(server.base() + "/api/auth/device?user_code=" + userCode);
    pending(device);

    TestBrowser browser = new TestBrowser();
    Shown first = browser.step(device.path("verification_uri_complete").asString());
    assertThat(first.status()).isEqualTo(307);
    assertThat(first.header("set-cookie").orElse(""))
        .contains("HttpOnly", "SameSite=Lax", "Path=/api/auth");
    Shown login = browser.open(first.location());
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.text()).contains("experts", "JobSharing", "NormalUser", "myDIRACClientID");
    Shown question = browser.fill(login, credentials("alice"));
    assertThat(question.text())
        .contains("alice", "experts", userCode.substring(0, 4) + "-" + userCode.substring(4));
    pending(device);

    Shown end = browser.fill(question, Map.of("answer", "allow"));
    assertThat(end.status()).isEqualTo(200);
    assertThat(end.address().getPath()).isEqualTo("/api/auth/device/complete/finished");
    assertThat(end.text()).contains("You can close this window");

    Answer tokens = poll(device);
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    assertThat(tokens.json().propertyNames())
        .containsExactlyInAnyOrder("access_token", "expires_in", "token_type", "refresh_token");
    JsonNode who =
        server.get("/api/auth/userinfo", tokens.json().path("access_token").asString()).json();
    assertThat(who.path("sub").asString()).isEqualTo("earth:s-alice");
    assertThat(who.path("dirac_group").asString()).isEqualTo("experts");

    Answer again = poll(device);
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.detail()).isEqualTo("Code was already used");
    Answer refresh =
        server.form(
            "/api/auth/token",
            "client_id=myDIRACClientID&grant_type=refresh_token&refresh_token="
                + tokens.json().path("refresh_token").asString());
    assertThat(refresh.status()).as("a code that came twice ends its session").isEqualTo(401);
  }

  @Test
  void pagesAreForNobodyToKeepOrFrameAndRunNoScripts() throws Exception {
    Shown login =
        new TestBrowser().open(start("vo:earth").path("verification_uri_complete").asString());
    assertThat(login.header("cache-control")).contains("no-store");
    assertThat(login.header("x-frame-options")).contains("DENY");
    assertThat(login.header("content-security-policy").orElse(""))
        .contains("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'")
        .doesNotContain("script-src");
    assertThat(login.text())
        .contains("<html lang=\"en\">", "<label for=\"username\">", "<label for=\"password\">")
        .doesNotContain("<script");
  }

  @Test
  void userTypesTheCodeInAnyForm() throws Exception {
    JsonNode device = start("vo:earth");
    TestBrowser browser = new TestBrowser();
    Shown form = browser.open(server.base() + "/api/auth/device");
    assertThat(form.status()).isEqualTo(200);
    assertThat(form.text()).contains("name=\"user_code\"");
    String code = device.path("user_code").asString().toLowerCase(java.util.Locale.ROOT);
    Shown login =
        browser.open(
            server.base()
                + "/api/auth/device?user_code="
                + code.substring(0, 4)
                + "-"
                + code.substring(4));
    assertThat(login.text()).contains("Password");
    Shown wrong = browser.open(server.base() + "/api/auth/device?user_code=BBBBBBBB");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.text()).contains("Unknown or expired user_code", "name=\"user_code\"");
    Answer program = server.send(server.request("/api/auth/device"));
    assertThat(program.status()).isEqualTo(422);
  }

  @Test
  void userRefuses() throws Exception {
    JsonNode device = start("vo:earth");
    TestBrowser browser = new TestBrowser();
    Shown login = browser.open(device.path("verification_uri_complete").asString());
    Shown question = browser.fill(login, credentials("alice"));
    Shown end = browser.fill(question, Map.of("answer", "refuse"));
    assertThat(end.text()).contains("Refused");
    Answer refused = poll(device);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("error").asString()).isEqualTo("access_denied");
    Shown late = browser.submit(question, Map.of("answer", "allow"));
    assertThat(late.status()).as("no second thoughts").isEqualTo(400);

    JsonNode other = start("vo:earth");
    Shown page = browser.open(other.path("verification_uri_complete").asString());
    browser.fill(page, Map.of("answer", "cancel"));
    assertThat(poll(other).json().path("error").asString()).isEqualTo("access_denied");
  }

  @Test
  void whoMayNotBeThisIsToldOnThePageAndTheDevice() throws Exception {
    JsonNode device = start("vo:earth%20group:admin");
    TestBrowser browser = new TestBrowser();
    Shown login = browser.open(device.path("verification_uri_complete").asString());
    Shown end = browser.fill(login, credentials("alice"));
    assertThat(end.status()).isEqualTo(403);
    String why = "User is not a member of the requested group (alice, admin)";
    assertThat(end.text()).contains(why);
    Answer refused = poll(device);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail()).isEqualTo(why);
  }

  @Test
  void accountOfAnotherVoIsUnknown() throws Exception {
    JsonNode device = start("vo:earth");
    TestBrowser browser = new TestBrowser();
    Shown login = browser.open(device.path("verification_uri_complete").asString());
    Shown end = browser.fill(login, credentials("marvin"));
    assertThat(end.status()).isEqualTo(401);
    assertThat(end.text()).contains("Invalid username or password", "role=\"alert\"");
    pending(device);
  }

  @Test
  void passwordsAreGuessedSlowlyOnThePageToo() throws Exception {
    JsonNode device = start("vo:earth");
    TestBrowser browser = new TestBrowser();
    Shown login = browser.open(device.path("verification_uri_complete").asString());
    Map<String, String> wrong = Map.of("username", "alice", "password", "guess", "answer", "login");
    for (int i = 0; i < 5; i++) {
      assertThat(browser.fill(login, wrong).status()).isEqualTo(401);
    }
    Shown stopped = browser.fill(login, credentials("alice"));
    assertThat(stopped.status()).isEqualTo(429);
    assertThat(stopped.header("retry-after")).isPresent();
    assertThat(stopped.text()).contains("Too many failed attempts");
    Answer elsewhere =
        server.form(
            "/api/auth/token",
            "grant_type=password&client_id=myDIRACClientID&scope=vo:earth&username=alice&password=x");
    assertThat(elsewhere.status()).as("both doors count together").isEqualTo(429);
  }

  @Test
  void userCodesAreGuessedSlowly() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(server.send(server.request("/api/auth/device?user_code=XXXXXXX" + i)).status())
          .isEqualTo(400);
    }
    JsonNode device = start("vo:earth");
    String right = "/api/auth/device?user_code=" + device.path("user_code").asString();
    assertThat(server.send(server.request(right)).status()).isEqualTo(429);
    server.clock.move(Duration.ofMinutes(5));
    assertThat(server.send(server.request(right)).status()).isEqualTo(307);
  }

  @Test
  void codesEnd() throws Exception {
    JsonNode device = start("vo:earth");
    JsonNode allowed = start("vo:earth");
    TestBrowser browser = new TestBrowser();
    Shown login = browser.open(allowed.path("verification_uri_complete").asString());
    browser.fill(browser.fill(login, credentials("alice")), Map.of("answer", "allow"));
    server.clock.move(Duration.ofMinutes(10));
    for (JsonNode each : List.of(device, allowed)) {
      Answer late = poll(each);
      assertThat(late.status()).isEqualTo(401);
      assertThat(late.detail()).isEqualTo("Device code expired");
    }
    Shown page = browser.open(device.path("verification_uri_complete").asString());
    assertThat(page.status()).isEqualTo(400);
    server.clock.move(Duration.ofHours(2));
    server.bean(ForgetOldSessions.class).run("");
    assertThat(
            server
                .database
                .jdbc()
                .sql("SELECT count(*) FROM identity.login_flow")
                .query(Long.class)
                .single())
        .isZero();
    Answer forgotten = poll(device);
    assertThat(forgotten.status()).isEqualTo(400);
    assertThat(forgotten.detail()).isEqualTo("Invalid device code");
  }

  @Test
  void formsCountOnlyInTheBrowserThatTheyWereShownTo() throws Exception {
    JsonNode device = start("vo:earth");
    TestBrowser victim = new TestBrowser();
    Shown login = victim.open(device.path("verification_uri_complete").asString());
    TestBrowser other = new TestBrowser();
    assertThat(other.submit(login, credentials("alice")).status()).isEqualTo(400);
    other.cookies().put(LoginCookie.NAME, Secrets.random());
    assertThat(other.submit(login, credentials("alice")).status()).isEqualTo(400);
    assertThat(other.step(login.address().toString()).status()).isEqualTo(400);
    Map<String, String> withoutForm = new java.util.LinkedHashMap<>(credentials("alice"));
    withoutForm.put("form", "forged");
    assertThat(victim.submit(login, withoutForm).status()).isEqualTo(400);

    Shown question = victim.fill(login, credentials("alice"));
    assertThat(other.submit(question, Map.of("answer", "allow")).status()).isEqualTo(400);
    assertThat(other.step(question.address().toString()).status()).isEqualTo(400);
    assertThat(victim.submit(question, Map.of("answer", "allow", "form", "x")).status())
        .isEqualTo(400);
    pending(device);
  }

  @Test
  void startIsRefusedWithTheTextsOfTheContract() throws Exception {
    refused("client_id=other&scope=vo:earth", 400, "Unrecognised client_id");
    refused(
        "client_id=myDIRACClientID&scope=vo:nope",
        400,
        "VO nope is not known to this installation");
    refused(
        "client_id=myDIRACClientID&scope=vo:earth%20openid",
        400, "Unrecognised scopes: ['openid']");
    assertThat(post("/api/auth/device?client_id=myDIRACClientID").status()).isEqualTo(422);
    assertThat(post("/api/auth/device?scope=vo:earth").status()).isEqualTo(422);
    Answer foreign =
        server.form(
            "/api/auth/token",
            GRANT.replace("myDIRACClientID", "other")
                + start("vo:earth").path("device_code").asString());
    assertThat(foreign.status()).isEqualTo(401);
    assertThat(server.form("/api/auth/token", GRANT).detail())
        .isEqualTo("The field device_code is missing");
  }

  @Test
  void oneAddressStartsNoEndlessNumberOfLogins() throws Exception {
    for (int i = 0; i < 300; i++) {
      if (post(START + "vo:earth").status() != 200) {
        break;
      }
    }
    assertThat(post(START + "vo:earth").status()).isEqualTo(429);
    server.clock.move(Duration.ofMinutes(5));
    assertThat(post(START + "vo:earth").status()).isEqualTo(200);
  }

  private void refused(String query, int status, String detail) throws Exception {
    Answer answer = post("/api/auth/device?" + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.detail()).isEqualTo(detail);
  }

  private void pending(JsonNode device) throws Exception {
    Answer answer = poll(device);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).isEqualTo("{\"error\":\"authorization_pending\"}");
  }

  private JsonNode start(String scope) throws Exception {
    Answer answer = post(START + scope);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private Answer poll(JsonNode device) throws Exception {
    return server.form("/api/auth/token", GRANT + device.path("device_code").asString());
  }

  private Answer post(String path) throws Exception {
    return server.send(server.request(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  private static Map<String, String> credentials(String user) {
    return Map.of("username", user, "password", PASSWORD, "answer", "login");
  }
}
