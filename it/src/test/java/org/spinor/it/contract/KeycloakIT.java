package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.client.Json;
import org.spinor.it.ServerProcess;
import tools.jackson.databind.JsonNode;

/**
 * Users whose VO has a real Keycloak: DiracX's own command and Python clients, and the page, log in
 * through it and work.
 */
@ExtendWith(PythonEnvironment.Given.class)
class KeycloakIT {
  private static Keycloak keycloak;
  private static ServerProcess server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    keycloak = Keycloak.begin();
    server = ServerProcess.withConfiguration(configuration(keycloak.issuer()), "--verbose");
    keycloak.awaitReady();
    keycloak.awaitQuick();
  }

  @AfterAll
  static void stop() {
    if (keycloak != null) {
      keycloak.close();
    }
    if (server != null) {
      server.close();
      LogSecrets.assertNone(server, Keycloak.PASSWORD);
    }
  }

  @Test
  void theDiracCommandLogsInByGroupAndDoesWhatUsersDo(PythonEnvironment python) {
    DiracCommand dirac = new DiracCommand(python, server.url(), folder);
    String said =
        dirac.logIn(
            address -> {
              Browser browser = new Browser();
              HttpResponse<String> question = throughKeycloak(browser, address, "anna");
              assertThat(question.body()).contains("anna", "NormalUser");
              HttpResponse<String> end = browser.fill(question, Map.of("answer", "allow"));
              assertThat(end.body()).contains("You can close this window");
            },
            "spinor");
    assertThat(said).contains("Saved credentials to", "Login successful!");

    JsonNode user = Json.tree(dirac.run("whoami"));
    assertThat(user.path("preferred_username").asString()).isEqualTo("anna");
    assertThat(user.path("dirac_group").asString()).isEqualTo("user");

    Path jdl = dirac.jdl("keycloak");
    List<Long> fromFile = DiracCommand.inserted(dirac.run("jobs", "submit", jdl.toString()));
    List<Long> fromInput =
        DiracCommand.inserted(
            dirac.result("JSON", jdl, List.of("jobs", "submit", "-")).orFail().output());
    JsonNode second =
        Json.tree(
            dirac.run(
                "jobs",
                "search",
                "--condition",
                "JobName eq keycloak",
                "--condition",
                "Owner eq anna",
                "--page",
                "2",
                "--per-page",
                "1",
                "--parameter",
                "JobID"));
    assertThat(second.toString()).isEqualTo("[{\"JobID\":%d}]".formatted(fromInput.getFirst()));
    assertThat(fromFile).hasSize(1);
    assertThat(
            Json.tree(dirac.run("config", "dump")).at("/Registry/spinor/IdP/ClientID").asString())
        .isEqualTo("spinor");

    dirac.script("clients.py");
    dirac.refreshesAndLogsOut("anna");
  }

  @Test
  void whoIsInNoGroupIsTurnedAwayInBrowserAndTerminal(PythonEnvironment python) {
    DiracCommand dirac = new DiracCommand(python, server.url(), folder);
    String said =
        dirac.logIn(
            address -> {
              HttpResponse<String> end = throughKeycloak(new Browser(), address, "stranger");
              assertThat(end.statusCode()).isEqualTo(403);
              assertThat(end.body()).contains("is not registered in the VO spinor");
            },
            "spinor");
    assertThat(said)
        .containsAnyOf("is not registered", "Forbidden")
        .doesNotContain("Login successful!");
    assertThat(dirac.credentials()).doesNotExist();
  }

  @Test
  void thePageLogsIn() {
    try (Chromium chromium = Chromium.start(folder)) {
      Tab tab = chromium.open(server.url());
      tab.until("document.querySelector('#login [name=group]').options.length");
      tab.click("#login button");
      tab.fill("#username", "anna");
      tab.fill("#password", Keycloak.PASSWORD);
      tab.click("#kc-login");
      tab.untilText("anna, spinor/user");
      tab.reload();
      tab.untilText("anna, spinor/user");
      tab.click("#logout");
      tab.until("!document.getElementById('login').hidden");
    }
  }

  private static HttpResponse<String> throughKeycloak(Browser browser, URI address, String user) {
    HttpResponse<String> login = browser.open(address);
    assertThat(login.uri().getPath()).startsWith("/realms/spinor/");
    return browser.fill(login, Map.of("username", user, "password", Keycloak.PASSWORD));
  }

  private static String configuration(URI issuer) {
    return """
      DIRAC:
        NoSetup: true
      Registry:
        spinor:
          IdP:
            URL: %s
            ClientID: spinor
            GroupsClaim: groups
            Groups: {user: [/biomed]}
          DefaultGroup: user
          Users: {}
          Groups:
            user: {Properties: [NormalUser], Users: []}
      """
        .formatted(issuer);
  }
}
