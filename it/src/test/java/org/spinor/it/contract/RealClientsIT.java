package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.client.Json;
import org.spinor.it.Await;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** DiracX's own command and Python clients, as PyPI has them, at work against our server. */
@ExtendWith({SharedServer.Given.class, PythonEnvironment.Given.class})
class RealClientsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern INSERTED = Pattern.compile("Inserted (\\d+) jobs with ids: (.*)");

  private static final Pattern GO_TO = Pattern.compile("Now go to: (\\S+)");

  private final SharedServer server;
  private final PythonEnvironment python;
  @TempDir private Path folder;

  RealClientsIT(SharedServer server, PythonEnvironment python) {
    this.server = server;
    this.python = python;
  }

  @BeforeEach
  void logIn() throws IOException {
    Files.createFile(
        credentials(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        credentials(),
        Json.write(
            Map.of(
                "access_token",
                server.token("user", "carla"),
                "refresh_token",
                "none",
                "expires_on",
                Instant.now().getEpochSecond() + 3600)));
  }

  private Path credentials() {
    return folder.resolve("credentials.json");
  }

  private Map<String, String> environment(String format) {
    return Map.of(
        "DIRACX_URL", server.url().toString(),
        "DIRACX_CREDENTIALS_PATH", credentials().toString(),
        "DIRACX_OUTPUT_FORMAT", format,
        "HOME", folder.toString(),
        "COLUMNS", "200");
  }

  private String dirac(String... arguments) {
    List<String> command = new ArrayList<>(List.of(python.program("dirac").toString()));
    command.addAll(List.of(arguments));
    return Command.run(PATIENCE, environment("JSON"), command);
  }

  private List<Long> inserted(String output) {
    Matcher said = INSERTED.matcher(output);
    assertThat(said.find()).as(output).isTrue();
    List<Long> ids =
        Pattern.compile(",").splitAsStream(said.group(2).strip()).map(Long::valueOf).toList();
    assertThat(ids).hasSize(Integer.parseInt(said.group(1)));
    return ids;
  }

  private Path jdl(String name) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".jdl"),
        "Executable = \"/bin/echo\"; JobName = \"" + name + "\"; JobGroup = \"cli\";");
  }

  @Test
  void whoamiTellsTheUserOfTheToken() {
    JsonNode user = Json.tree(dirac("whoami"));
    assertThat(user.path("preferred_username").asString()).isEqualTo("carla");
    assertThat(user.path("vo").asString()).isEqualTo("spinor");
    assertThat(user.path("dirac_group").asString()).isEqualTo("user");
    assertThat(user.path("properties").toString()).isEqualTo("[\"NormalUser\"]");
  }

  @Test
  void jobsAreSubmittedFromFilesAndStandardInput() throws Exception {
    Path one = jdl("one");
    Path two = jdl("two");
    List<Long> files = inserted(dirac("jobs", "submit", one.toString(), two.toString()));
    assertThat(files).hasSize(2);
    List<Long> input =
        inserted(
            Command.of(
                    PATIENCE,
                    environment("JSON"),
                    List.of(python.program("dirac").toString(), "jobs", "submit", "-"),
                    one)
                .orFail()
                .output());
    assertThat(input).hasSize(1);
    JsonNode found =
        Json.tree(dirac("jobs", "search", "--condition", "JobID in " + files, "--all"));
    assertThat(found.size()).isEqualTo(2);
    assertThat(found.path(0).path("JobName").asString()).isEqualTo("one");
    assertThat(found.path(0).path("Owner").asString()).isEqualTo("carla");
    assertThat(found.path(1).path("JobName").asString()).isEqualTo("two");
  }

  @Test
  void jobsAreSearchedByConditionsAndPages() throws Exception {
    String name = "page";
    String file = jdl(name).toString();
    List<Long> ids = inserted(dirac("jobs", "submit", file, file, file, file, file));
    String first = "JobID gt " + (ids.getFirst() - 1);
    List<String> search =
        List.of("jobs", "search", "--condition", first, "--condition", "JobName eq " + name);
    JsonNode page =
        Json.tree(dirac(with(search, "--page", "2", "--per-page", "2", "--parameter", "JobID")));
    assertThat(page.toString())
        .isEqualTo("[{\"JobID\":%d},{\"JobID\":%d}]".formatted(ids.get(2), ids.get(3)));
    List<String> table = new ArrayList<>(List.of(python.program("dirac").toString()));
    table.addAll(List.of(with(search, "--per-page", "3", "--parameter", "JobID")));
    assertThat(Command.run(PATIENCE, environment("RICH"), table).replaceAll("\\s+", " "))
        .contains("Showing 0-2 of 5 jobs");
    assertThat(dirac(with(search, "--condition", "JobName neq " + name)).strip()).isEqualTo("[]");
  }

  private static String[] with(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void theConfigurationIsDumped() {
    JsonNode configuration = Json.tree(dirac("config", "dump"));
    assertThat(configuration.at("/Registry/spinor/DefaultGroup").asString()).isEqualTo("user");
    assertThat(configuration.at("/Operations/spinor/JobDescription/MaxCPUTime").asInt())
        .isEqualTo(500_000);
  }

  @Test
  void logoutForgetsTheCredentials() {
    assertThat(dirac("logout")).contains("Removed credentials").contains("Logout successful!");
    assertThat(credentials()).doesNotExist();
    assertThat(dirac("whoami")).contains("You are not authenticated");
  }

  @Test
  void loginThroughTheBuiltInProviderRefreshesAndEnds() throws Exception {
    Files.delete(credentials());
    Path output = folder.resolve("login.out");
    Process login = started(output, "login", "spinor", "--group", "admin");
    try {
      HttpResponse<String> end = allow(address(login, output));
      assertThat(end.statusCode()).isEqualTo(200);
      assertThat(end.body()).contains("You can close this window");
      assertThat(login.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      login.destroyForcibly();
    }
    assertThat(output).content().contains("Saved credentials to", "Login successful!");
    assertThat(dirac("whoami")).contains("\"anna\"", "\"admin\"");

    ObjectNode expired = (ObjectNode) Json.tree(Files.readString(credentials()));
    String spent = expired.path("refresh_token").asString();
    Files.writeString(credentials(), Json.write(expired.put("expires_on", 0)));
    assertThat(dirac("whoami")).contains("\"anna\"");
    JsonNode fresh = Json.tree(Files.readString(credentials()));
    assertThat(fresh.path("refresh_token").asString()).isNotEmpty().isNotEqualTo(spent);

    assertThat(dirac("logout")).contains("Logout successful!").doesNotContain("Error");
    Files.writeString(credentials(), Json.write(((ObjectNode) fresh).put("expires_on", 0)));
    Command.Result refused =
        Command.of(
            PATIENCE, environment("JSON"), List.of(python.program("dirac").toString(), "whoami"));
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output()).contains("evoked").doesNotContain("anna");
  }

  private Process started(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python.program("dirac").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment("JSON"));
    builder.environment().put("PYTHONUNBUFFERED", "1");
    return builder.start();
  }

  /** Where the command sends the user to. */
  private static URI address(Process login, Path output) {
    Matcher[] said = new Matcher[1];
    Await.until(
        "the command says where to go",
        PATIENCE,
        () -> {
          try {
            said[0] = GO_TO.matcher(Files.readString(output).replaceAll("\\s+", " "));
            assertThat(login.isAlive()).as(said[0].toString()).isTrue();
            return said[0].find();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return URI.create(said[0].group(1));
  }

  /** What the user does there. */
  private HttpResponse<String> allow(URI address) throws IOException {
    Browser browser = new Browser();
    String password = Files.readString(server.data().resolve("secrets/admin-password")).strip();
    HttpResponse<String> question =
        browser.fill(
            browser.open(address),
            Map.of("username", "anna", "password", password, "answer", "login"));
    return browser.fill(question, Map.of("answer", "allow"));
  }

  @Test
  void thePythonClientsDoWhatUsersDo() {
    Command.run(
        PATIENCE,
        environment("JSON"),
        List.of(
            python.program("python").toString(),
            PythonEnvironment.script("clients.py").toString(),
            folder.toString()));
  }
}
