package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;
import org.spinor.server.identity.accounts.TestAccounts;
import org.spinor.server.identity.logins.TestBrowser.Shown;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CodeFlowTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String REDIRECT = Slice.ISSUER + "/#authentication-callback";
  private final CodeVerifier verifier = new CodeVerifier();
  @TempDir static Path data;
  private Slice server;

  @BeforeAll
  void start() {
    server = new Slice(data);
    TestAccounts.add(server, "earth", "alice", "s-alice", PASSWORD);
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
  void pageGetsACodeAndTradesItForTokens() throws Exception {
    TestBrowser browser = new TestBrowser();
    Shown login = browser.open(address(Map.of("nonce", "ignored")));
    assertThat(login.status()).as(login.text()).isEqualTo(200);
    assertThat(login.text()).contains("the web page https://spinor.example.org", "experts");
    assertThat(login.header("content-security-policy").orElse(""))
        .contains("form-action 'self' https://spinor.example.org");
    String back = logIn(browser, login);
    assertThat(back).startsWith(REDIRECT + "?code=").endsWith("&state=a%26b%0D%0A%3D");
    Answer tokens = redeem(code(back));
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    assertThat(tokens.json().propertyNames())
        .containsExactlyInAnyOrder("access_token", "expires_in", "token_type", "refresh_token");
    assertThat(
            server
                .get("/api/auth/userinfo", tokens.json().path("access_token").asString())
                .json()
                .path("dirac_group")
                .asString())
        .isEqualTo("experts");
  }

  @Test
  void replayedCodeIsRefusedAndTakesBackWhatTheFirstGot() throws Exception {
    String code = code(logIn());
    Answer tokens = redeem(code);
    refused(redeem(code), 400, "Code was already used");
    Answer refresh =
        server.form(
            "/api/auth/token",
            "client_id=myDIRACClientID&grant_type=refresh_token&refresh_token="
                + tokens.json().path("refresh_token").asString());
    assertThat(refresh.status()).isEqualTo(401);
  }

  @Test
  void stolenCodeIsWorthNothingAndTheOwnerCanStillUseIt() throws Exception {
    String code = code(logIn());
    refused(
        redeem(Map.of("code", code, "code_verifier", new CodeVerifier().getValue())),
        400,
        "Invalid code_challenge");
    refused(redeem(Map.of("code", code, "code_verifier", "short")), 400, "Invalid code_challenge");
    refused(
        redeem(Map.of("code", code, "code_verifier", "")),
        400,
        "The field code_verifier is missing");
    String challenge = CodeChallenge.compute(CodeChallengeMethod.S256, verifier).getValue();
    refused(
        redeem(Map.of("code", code, "code_verifier", challenge)), 400, "Invalid code_challenge");
    refused(
        redeem(Map.of("code", code, "redirect_uri", "https://evil.example.org/")),
        400,
        "Invalid redirect_uri");
    refused(redeem("x" + code), 401, "Invalid code");
    assertThat(redeem(code).status()).isEqualTo(200);
  }

  @Test
  void codeOfAPageIsNoDeviceCode() throws Exception {
    String code = code(logIn());
    Answer answer =
        server.form(
            "/api/auth/token",
            "client_id=myDIRACClientID&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code="
                + code);
    refused(answer, 400, "Invalid device code");
  }

  @Test
  void codeEndsAfterFiveMinutes() throws Exception {
    String code = code(logIn());
    server.clock.move(Duration.ofMinutes(5));
    refused(redeem(code), 401, "Code expired");
  }

  @Test
  void unknownAddressesAreNeverRedirectedTo() throws Exception {
    TestBrowser browser = new TestBrowser();
    for (String wrong :
        List.of(
            "https://evil.example.org/",
            REDIRECT + "x",
            Slice.ISSUER + "/",
            "https://spinor.example.org.evil.org/#authentication-callback",
            "https://spinor.example.org@evil.org/#authentication-callback")) {
      Shown page = browser.step(address(Map.of("redirect_uri", wrong)));
      assertThat(page.status()).as(wrong).isEqualTo(400);
      assertThat(page.header("location")).isEmpty();
      assertThat(page.text()).contains("Unrecognised redirect_uri");
    }
    Shown client = browser.step(address(Map.of("client_id", "other")));
    assertThat(client.status()).isEqualTo(400);
    assertThat(client.text()).contains("Unrecognised client_id");
  }

  @Test
  void weakerPkceIsNotOffered() throws Exception {
    TestBrowser browser = new TestBrowser();
    assertThat(browser.step(address(Map.of("code_challenge_method", "plain"))).status())
        .isEqualTo(422);
    assertThat(browser.step(address(Map.of("code_challenge_method", ""))).status()).isEqualTo(422);
    assertThat(browser.step(address(Map.of("code_challenge", ""))).status()).isEqualTo(400);
    assertThat(browser.step(address(Map.of("code_challenge", "x".repeat(44)))).status())
        .isEqualTo(400);
    assertThat(browser.step(address(Map.of("response_type", "token"))).status()).isEqualTo(422);
    String without = address(Map.of()).replaceAll("code_challenge=[^&]*&?", "");
    assertThat(server.send(server.request(without.substring(server.base().length()))).status())
        .isEqualTo(422);
    assertThat(browser.step(address(Map.of("state", "s".repeat(2001)))).status()).isEqualTo(400);
    assertThat(browser.step(address(Map.of("scope", "vo:nope"))).text())
        .contains("VO nope is not known to this installation");
  }

  @Test
  void pageIsToldWhenTheUserCancels() throws Exception {
    TestBrowser browser = new TestBrowser();
    Shown login = browser.open(address(Map.of()));
    Shown back = browser.submit(login, Map.of("answer", "cancel"));
    assertThat(back.status()).isEqualTo(303);
    assertThat(back.location()).startsWith(REDIRECT + "?error=access_denied&state=");
    assertThat(browser.submit(login, credentials()).status()).isEqualTo(400);
  }

  @Test
  void loginOfOneBrowserCannotBePushedIntoAnother() throws Exception {
    Shown attackers = new TestBrowser().open(address(Map.of()));
    TestBrowser victim = new TestBrowser();
    victim.open(address(Map.of()));
    assertThat(victim.submit(attackers, credentials()).status()).isEqualTo(400);
    assertThat(victim.step(attackers.address().toString()).status()).isEqualTo(400);
  }

  private String logIn() throws Exception {
    TestBrowser browser = new TestBrowser();
    return logIn(browser, browser.open(address(Map.of())));
  }

  private static String logIn(TestBrowser browser, Shown login) throws Exception {
    Shown back = browser.submit(login, credentials());
    assertThat(back.status()).as(back.text()).isEqualTo(303);
    return back.location();
  }

  private static Map<String, String> credentials() {
    return Map.of("username", "alice", "password", PASSWORD, "answer", "login");
  }

  private static String code(String back) {
    return back.replaceFirst(".*\\?code=", "").replaceFirst("&.*", "");
  }

  private Answer redeem(String code) throws Exception {
    return redeem(Map.of("code", code));
  }

  private Answer redeem(Map<String, String> changes) throws Exception {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", "authorization_code");
    fields.put("client_id", "myDIRACClientID");
    fields.put("redirect_uri", REDIRECT);
    fields.put("code_verifier", verifier.getValue());
    fields.putAll(changes);
    return server.form("/api/auth/token", query(fields));
  }

  private String address(Map<String, String> changes) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("response_type", "code");
    fields.put(
        "code_challenge", CodeChallenge.compute(CodeChallengeMethod.S256, verifier).getValue());
    fields.put("code_challenge_method", "S256");
    fields.put("client_id", "myDIRACClientID");
    fields.put("redirect_uri", REDIRECT);
    fields.put("scope", "vo:earth group:experts");
    fields.put("state", "a&b\r\n=");
    fields.putAll(changes);
    return server.base() + "/api/auth/authorize?" + query(fields);
  }

  private static String query(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static void refused(Answer answer, int status, String detail) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.detail()).isEqualTo(detail);
  }
}
