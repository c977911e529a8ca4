package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spinor.it.contract.DiracCommand.inserted;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** DiracX's own command and Python clients, as PyPI has them, at work against our server. */
@ExtendWith({SharedServer.Given.class, PythonEnvironment.Given.class})
class RealClientsIT {
  private final SharedServer server;
  private final PythonEnvironment python;
  @TempDir private Path folder;
  private DiracCommand dirac;

  RealClientsIT(SharedServer server, PythonEnvironment python) {
    this.server = server;
    this.python = python;
  }

  @BeforeEach
  void logIn() throws IOException {
    dirac = new DiracCommand(python, server.url(), folder);
    Files.createFile(
        dirac.credentials(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        dirac.credentials(),
        Json.write(
            Map.of(
                "access_token",
                server.token("user", "carla"),
                "refresh_token",
                "none",
                "expires_on",
                Instant.now().getEpochSecond() + 3600)));
  }

  @Test
  void whoamiTellsTheUserOfTheToken() {
    JsonNode user = Json.tree(dirac.run("whoami"));
    assertThat(user.path("preferred_username").asString()).isEqualTo("carla");
    assertThat(user.path("vo").asString()).isEqualTo("spinor");
    assertThat(user.path("dirac_group").asString()).isEqualTo("user");
    assertThat(user.path("properties").toString()).isEqualTo("[\"NormalUser\"]");
  }

  @Test
  void jobsAreSubmittedFromFilesAndStandardInput() {
    Path one = dirac.jdl("one");
    Path two = dirac.jdl("two");
    List<Long> files = inserted(dirac.run("jobs", "submit", one.toString(), two.toString()));
    assertThat(files).hasSize(2);
    List<Long> input =
        inserted(dirac.result("JSON", one, List.of("jobs", "submit", "-")).orFail().output());
    assertThat(input).hasSize(1);
    JsonNode found =
        Json.tree(dirac.run("jobs", "search", "--condition", "JobID in " + files, "--all"));
    assertThat(found.size()).isEqualTo(2);
    assertThat(found.path(0).path("JobName").asString()).isEqualTo("one");
    assertThat(found.path(0).path("Owner").asString()).isEqualTo("carla");
    assertThat(found.path(1).path("JobName").asString()).isEqualTo("two");
  }

  @Test
  void jobsAreSearchedByConditionsAndPages() {
    String name = "page";
    String file = dirac.jdl(name).toString();
    List<Long> ids = inserted(dirac.run("jobs", "submit", file, file, file, file, file));
    String first = "JobID gt " + (ids.getFirst() - 1);
    List<String> search =
        List.of("jobs", "search", "--condition", first, "--condition", "JobName eq " + name);
    JsonNode page =
        Json.tree(
            dirac.run(with(search, "--page", "2", "--per-page", "2", "--parameter", "JobID")));
    assertThat(page.toString())
        .isEqualTo("[{\"JobID\":%d},{\"JobID\":%d}]".formatted(ids.get(2), ids.get(3)));
    List<String> table = List.of(with(search, "--per-page", "3", "--parameter", "JobID"));
    assertThat(dirac.result("RICH", null, table).orFail().output().replaceAll("\\s+", " "))
        .contains("Showing 0-2 of 5 jobs");
    assertThat(dirac.run(with(search, "--condition", "JobName neq " + name)).strip())
        .isEqualTo("[]");
  }

  private static String[] with(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void theConfigurationIsDumped() {
    JsonNode configuration = Json.tree(dirac.run("config", "dump"));
    assertThat(configuration.at("/Registry/spinor/DefaultGroup").asString()).isEqualTo("user");
    assertThat(configuration.at("/Operations/spinor/JobDescription/MaxCPUTime").asInt())
        .isEqualTo(500_000);
  }

  @Test
  void logoutForgetsTheCredentials() {
    assertThat(dirac.run("logout")).contains("Removed credentials").contains("Logout successful!");
    assertThat(dirac.credentials()).doesNotExist();
    assertThat(dirac.run("whoami")).contains("You are not authenticated");
  }

  @Test
  void loginThroughTheBuiltInProviderRefreshesAndEnds() throws Exception {
    Files.delete(dirac.credentials());
    assertThat(dirac.logIn(this::allow, "spinor", "--group", "admin"))
        .contains("Saved credentials to", "Login successful!");
    assertThat(dirac.run("whoami")).contains("\"anna\"", "\"admin\"");
    dirac.refreshesAndLogsOut("anna");
  }

  /** What the user does where the command sends them to. */
  private void allow(URI address) {
    Browser browser = new Browser();
    HttpResponse<String> question =
        browser.fill(
            browser.open(address),
            Map.of("username", "anna", "password", server.password(), "answer", "login"));
    HttpResponse<String> end = browser.fill(question, Map.of("answer", "allow"));
    assertThat(end.statusCode()).isEqualTo(200);
    assertThat(end.body()).contains("You can close this window");
  }

  @AfterEach
  void noSecretIsInTheLogs() {
    server.assertNoSecretsInLogs();
  }

  @Test
  void thePythonClientsDoWhatUsersDo() {
    dirac.script("clients.py");
  }
}
