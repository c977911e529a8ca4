package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** The page in a real browser: login by code and PKCE, reload, refresh, logout, errors. */
@ExtendWith(SharedServer.Given.class)
class PageIT {
  private static final Path PICTURES = Path.of("target/pictures");
  private static final String SESSION = "JSON.parse(sessionStorage.getItem('spinor-session'))";
  @TempDir private static Path profile;
  private static Chromium browser;

  private final SharedServer server;
  private Tab tab;

  PageIT(SharedServer server) {
    this.server = server;
  }

  @BeforeAll
  static void start() throws IOException {
    browser = Chromium.start(profile);
    Files.createDirectories(PICTURES);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openThePage() {
    tab = browser.open(server.url());
    tab.until("document.querySelector('#login [name=group]').options.length");
  }

  @AfterEach
  void nothingWentWrongUnseen() {
    assertThat(tab.complaints()).isEmpty();
    server.assertNoSecretsInLogs();
  }

  @Test
  void loginSurvivesReloadIsRefreshedAndEnds() throws Exception {
    tab.picture(PICTURES.resolve("page-login.png"));
    logIn();
    assertThat(tab.value("location.href").asString()).isEqualTo(server.url() + "/");
    tab.until("document.querySelector('#sites tbody tr')");
    tab.picture(PICTURES.resolve("page.png"));

    tab.reload();
    tab.untilText("anna, spinor/admin");

    JsonNode before = tab.value(SESSION);
    pretendTheTokenIsOld();
    tab.reload();
    tab.untilText("anna, spinor/admin");
    JsonNode after = tab.value(SESSION);
    assertThat(after.path("refresh")).isNotEqualTo(before.path("refresh"));
    assertThat(after.path("access")).isNotEqualTo(before.path("access"));

    tab.click("#logout");
    tab.until("!document.getElementById('login').hidden");
    assertThat(tab.value("sessionStorage.length").asInt()).isZero();
    assertThat(tab.value("JSON.stringify(localStorage)").asString())
        .doesNotContain(after.path("refresh").asString());
    int refresh = refreshed(after.path("refresh").asString());
    assertThat(refresh).isEqualTo(401);
    tab.reload();
    tab.until("!document.getElementById('login').hidden");
  }

  @Test
  void duplicatedTabsShareTheirSession() {
    logIn();
    pretendTheTokenIsOld();
    String copy = tab.value("sessionStorage.getItem('spinor-session')").asString();
    Tab other = browser.open(server.url().resolve("/api/health/live"));
    other.until("location.href.endsWith('live')");
    other.value("sessionStorage.setItem('spinor-session', " + Json.write(copy) + ")");
    tab.reload();
    other.go(server.url());
    tab.untilText("anna, spinor/admin");
    other.untilText("anna, spinor/admin");
    tab.until(SESSION + ".refresh !== " + copy + ".refresh");
    String shared = tab.value(SESSION + ".refresh").asString();
    other.until(SESSION + ".refresh === " + Json.write(shared));
    tab.click("#logout");
    other.until("!document.getElementById('login').hidden");
    assertThat(other.complaints()).isEmpty();
  }

  @Test
  void sessionThatTheServerEndedIsTold() throws Exception {
    logIn();
    String refresh = tab.value(SESSION + ".refresh").asString();
    assertThat(form("/api/auth/revoke", "token=" + refresh)).isEqualTo(200);
    pretendTheTokenIsOld();
    tab.reload();
    tab.untilText("Your login has ended. Please log in again.");
  }

  @Test
  void cancelledForeignAndStaleAnswersAreTold() {
    tab.click("#login button");
    tab.click("button[value=cancel]");
    tab.untilText("The login was refused or cancelled.");
    tab.go(server.url().resolve("/#authentication-callback?code=x&state=y"));
    tab.untilText("This answer belongs to no login of this tab. Please log in again.");
    assertThat(tab.value("location.hash").asString()).isEmpty();
    tab.value(
        "sessionStorage.setItem('spinor-login', JSON.stringify({state: 's', verifier: 'v'}))");
    tab.go(server.url().resolve("/#authentication-callback?code=stale&state=s"));
    tab.untilText("Invalid code");
  }

  @Test
  void pageUnderAnotherNameSaysWhereToGo() {
    tab.go(URI.create("http://127.0.0.1:" + server.url().getPort()));
    tab.until("document.querySelector('#login [name=group]').options.length");
    tab.click("#login button");
    tab.untilText("This server is called " + server.url());
  }

  @Test
  void routesAreShownAndTriedWithTheLogin() {
    logIn();
    tab.go(server.url().resolve("/api/docs#/auth/auth_userinfo"));
    tab.untilText("/api/auth/userinfo");
    tab.click(".try-out__btn");
    tab.click(".execute");
    tab.until("document.querySelector('.live-responses-table')");
    tab.untilText("anna");
    tab.picture(PICTURES.resolve("docs.png"));
  }

  /** As DiracX's own page does it, which is served elsewhere: what it reads is what it shows. */
  @Test
  void pageOfAnotherOriginLogsInReadsAndLogsOut() throws Exception {
    HttpServer elsewhere =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), SharedServer.FOREIGN_PAGE.getPort()),
            0);
    byte[] page = PAGE.replace("SERVER", server.url().toString()).getBytes(StandardCharsets.UTF_8);
    elsewhere.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(page);
          }
        });
    elsewhere.start();
    try {
      tab.go(SharedServer.FOREIGN_PAGE);
      tab.until("document.title === 'begin'");
      tab.value("begin()");
      provePassword();
      tab.until("document.title === 'end'");
      JsonNode seen = Json.tree(tab.text());
      assertThat(seen.path("payload").path("preferred_username").asString()).isEqualTo("anna");
      assertThat(seen.path("payload").path("vo").asString()).isEqualTo("spinor");
      assertThat(seen.path("payload").path("dirac_group").asString()).isEqualTo("admin");
      assertThat(seen.path("payload").path("dirac_properties").size()).isGreaterThan(3);
      assertThat(seen.path("range").asString()).matches("jobs 0-0/\\d+");
      assertThat(seen.path("renewed").asBoolean()).isTrue();
      assertThat(seen.path("revoked").asInt()).isEqualTo(200);
    } finally {
      elsewhere.stop(0);
    }
  }

  private void logIn() {
    tab.fill("#login [name=group]", "admin");
    tab.click("#login button");
    provePassword();
    tab.untilText("anna, spinor/admin");
  }

  private void provePassword() {
    tab.fill("[name=username]", "anna");
    tab.fill("[name=password]", server.password());
    tab.click("button[value=login]");
  }

  private void pretendTheTokenIsOld() {
    tab.value(
        "localStorage.clear(); sessionStorage.setItem('spinor-session', JSON.stringify({...%s, ends: 0}))"
            .formatted(SESSION));
  }

  private int refreshed(String token) throws Exception {
    return form(
        "/api/auth/token",
        "grant_type=refresh_token&client_id=myDIRACClientID&refresh_token="
            + URLEncoder.encode(token, StandardCharsets.UTF_8));
  }

  private int form(String path, String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(server.url().resolve(path))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static final String PAGE =
      """
      <!doctype html><title>begin</title><body><script>
      const back = location.origin + '/#authentication-callback';
      const code = bytes => btoa(String.fromCharCode(...bytes)).replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/=/g, '');
      const know = async () => (await fetch('SERVER/.well-known/openid-configuration')).json();
      async function begin() {
        const verifier = code(crypto.getRandomValues(new Uint8Array(48)));
        sessionStorage.verifier = verifier;
        const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
        location = (await know()).authorization_endpoint + '?' + new URLSearchParams({
          client_id: 'myDIRACClientID', redirect_uri: back, scope: 'vo:spinor group:admin', response_type: 'code',
          nonce: 'n', prompt: 'login', state: 'mine', code_challenge: code(new Uint8Array(hash)), code_challenge_method: 'S256'});
      }
      async function post(address, fields) {
        return fetch(address, { method: 'POST', body: new URLSearchParams({ client_id: 'myDIRACClientID', ...fields }) });
      }
      async function end() {
        const server = await know();
        const answer = new URLSearchParams(location.hash.split('?')[1]);
        const tokens = await (await post(server.token_endpoint, { grant_type: 'authorization_code', code: answer.get('code'),
          redirect_uri: back, code_verifier: sessionStorage.verifier })).json();
        const headers = { Authorization: 'Bearer ' + tokens.access_token, 'Content-Type': 'application/json' };
        await fetch('SERVER/api/jobs/jdl', { method: 'POST', headers, body: '["Executable = \\\\"a\\\\";", "Executable = \\\\"b\\\\";"]' });
        const found = await fetch('SERVER/api/jobs/search?page=1&per_page=1', { method: 'POST', headers,
          body: JSON.stringify({ sort: [{ parameter: 'JobID', direction: 'asc' }], search: [] }) });
        const next = await (await post(server.token_endpoint, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).json();
        const revoked = await post(server.revocation_endpoint, { token: next.refresh_token, token_type_hint: 'refresh_token' });
        document.body.textContent = JSON.stringify({
          payload: JSON.parse(atob(tokens.access_token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))),
          range: found.headers.get('Content-Range'), renewed: next.refresh_token !== tokens.refresh_token, revoked: revoked.status });
        document.title = 'end';
      }
      if (location.hash.startsWith('#authentication-callback?')) end();
      </script></body>
      """;
}
