package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.client.Json;
import org.spinor.it.contract.Command;
import org.spinor.it.contract.PythonEnvironment;
import tools.jackson.databind.JsonNode;

/**
 * Sandboxes in a real S3 store: the interface, the command line, pilots and DiracX's own client
 * with it; what happens when the store or the server is killed.
 */
@ExtendWith(PythonEnvironment.Given.class)
class S3SandboxesIT {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern JOB = Pattern.compile("JobID\\W+(\\d+)");

  private static ObjectStore store;
  private static ServerProcess server;
  private static PythonEnvironment python;
  private static String token;

  @TempDir private Path folder;

  @BeforeAll
  static void start(PythonEnvironment environment) {
    python = environment;
    store = new ObjectStore(environment.program("weed"));
    server =
        ServerProcess.withConfiguration(
            Configurations.local(2, 2, 5),
            store.settings("S3_CREATEBUCKET", "true", "S3_PREFIX", "it", "KEEPORPHANED", "0s"));
    token = server.token("user", "admin");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (store != null) {
      store.close();
    }
  }

  private static Api user() {
    return new Api(server.url(), token);
  }

  private static byte[] fresh() {
    return Archives.tarBz2(
        "hello.txt", UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void sandboxGoesToTheStoreOnceAndComesBack() {
    byte[] bytes = fresh();
    JsonNode place = Archives.announce(user(), bytes);
    assertThat(place.path("url").asString()).isEqualTo(store.url() + "/sandboxes");
    assertThat(place.path("fields").propertyNames())
        .containsExactlyInAnyOrder(
            "x-amz-checksum-algorithm",
            "x-amz-checksum-sha256",
            "key",
            "x-amz-algorithm",
            "x-amz-credential",
            "x-amz-date",
            "policy",
            "x-amz-signature");
    assertThat(place.path("fields").path("key").asString())
        .startsWith("it/spinor/user/admin/sha256:");
    String pfn = Archives.upload(user(), bytes);
    assertThat(pfn).startsWith("SB:SandboxSE|/S3/sandboxes/spinor/user/admin/sha256:");
    assertThat(Archives.announce(user(), bytes).path("url").isNull()).isTrue();
    assertThat(Archives.locate(user(), pfn).toString()).startsWith(store.url() + "/sandboxes/it/");
    assertThat(Archives.namesIn(user(), pfn)).containsExactly("hello.txt");
  }

  @Test
  void storeTakesNothingButWhatWasAnnounced() {
    byte[] bytes = fresh();
    JsonNode place = Archives.announce(user(), bytes);
    byte[] other = bytes.clone();
    other[20]++;
    assertThat(sent(place, Map.of(), other)).as("another content").isEqualTo(400);
    assertThat(sent(place, Map.of(), Arrays.copyOf(bytes, bytes.length + 1))).isEqualTo(400);
    assertThat(sent(place, Map.of(), Arrays.copyOf(bytes, bytes.length - 1))).isEqualTo(400);
    assertThat(sent(place, Map.of("key", "it/spinor/user/bob/x"), bytes)).isEqualTo(403);
    assertThat(sent(place, Map.of("x-amz-signature", "0".repeat(64)), bytes)).isEqualTo(403);
    assertThat(sent(place, Map.of("x-amz-checksum-sha256", "A".repeat(43) + "="), bytes))
        .isEqualTo(403);
    assertThat(sent(place, S3Forms.resigned(place, "2026-11-21T10:00:00.000Z"), bytes))
        .as("too late")
        .isEqualTo(403);
    assertThat(S3Forms.expiration(place)).isBetween(Instant.now(), Instant.now().plusSeconds(301));
    assertThat(Archives.announce(user(), bytes).path("url").isNull()).as("it is there").isFalse();
    assertThat(sent(place, Map.of(), bytes)).isEqualTo(204);
    assertThat(Archives.announce(user(), bytes).path("url").isNull()).isTrue();
  }

  private static int sent(JsonNode place, Map<String, String> changed, byte[] bytes) {
    Map<String, String> fields = new TreeMap<>();
    place.path("fields").properties().forEach(f -> fields.put(f.getKey(), f.getValue().asString()));
    fields.putAll(changed);
    return Archives.send(user(), place.path("url").asString(), fields, bytes).statusCode();
  }

  @Test
  void addressOfOneSandboxOpensNoOther() {
    String mine = Archives.upload(user(), fresh());
    String other = Archives.upload(user(), fresh());
    String address = Archives.locate(user(), mine).toString();
    assertThat(ObjectStore.status(URI.create(address))).isEqualTo(200);
    String swapped = address.replace(checksum(mine), checksum(other));
    assertThat(swapped).isNotEqualTo(address);
    assertThat(ObjectStore.status(URI.create(swapped))).isEqualTo(403);
    assertThat(ObjectStore.status(URI.create(address.replaceAll("\\?.*", "")))).isEqualTo(403);
  }

  private static String checksum(String pfn) {
    return pfn.replaceAll(".*sha256:([0-9a-f]{64}).*", "$1");
  }

  private String spinor(String... arguments) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("spinor").toString()));
    command.addAll(List.of(arguments));
    return Command.run(
        PATIENCE,
        Map.of(
            "SPINOR_BUILD", "never", "SPINOR_URL", server.url().toString(), "SPINOR_TOKEN", token),
        command);
  }

  @Test
  void commandLineAndPilotMoveSandboxesThroughTheStore() throws IOException {
    Path input = Files.writeString(folder.resolve("input.txt"), "forty-two " + UUID.randomUUID());
    String submitted =
        spinor(
            "jobs",
            "submit",
            "--command",
            "cat input.txt > result.txt",
            "--input",
            input.toString(),
            "--keep",
            "result.txt",
            "--output",
            "json");
    Matcher inserted = JOB.matcher(submitted);
    assertThat(inserted.find()).as(submitted).isTrue();
    long id = Long.parseLong(inserted.group(1));
    assertThat(user().waitForAll(List.of(id), PATIENCE)).containsOnlyKeys("Done");
    spinor("jobs", "output", Long.toString(id), "--directory", folder.toString());
    assertThat(folder.resolve(id + "/result.txt")).hasContent(Files.readString(input));
    JsonNode sandboxes = user().ok("GET", "/api/jobs/" + id + "/sandbox", null);
    for (String direction : List.of("Input", "Output")) {
      String pfn = sandboxes.path(direction).path(0).asString();
      assertThat(Archives.locate(user(), pfn).toString()).startsWith(store.url().toString());
    }
  }

  @Test
  void diracxClientMovesSandboxesThroughTheStore() throws IOException {
    Path credentials =
        Files.createFile(
            folder.resolve("credentials.json"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        credentials,
        Json.write(
            Map.of(
                "access_token",
                token,
                "refresh_token",
                "none",
                "expires_on",
                Instant.now().getEpochSecond() + 3600)));
    String said =
        Command.run(
            PATIENCE,
            Map.of(
                "DIRACX_URL", server.url().toString(),
                "DIRACX_CREDENTIALS_PATH", credentials.toString(),
                "HOME", folder.toString()),
            List.of(
                python.program("python").toString(),
                PythonEnvironment.script("sandboxes.py").toString(),
                Files.createDirectory(folder.resolve("work")).toString()));
    String pfn = said.substring(said.indexOf("SB:")).strip();
    assertThat(Archives.locate(user(), pfn).toString()).startsWith(store.url().toString());
  }

  @Test
  void otherServersOfTheInstallationShareTheStore() {
    byte[] bytes = fresh();
    JsonNode place = Archives.announce(user(), bytes);
    Map<String, String> settings = store.settings("S3_PREFIX", "it", "KEEPORPHANED", "0s");
    settings.put("SPINOR_KEYSTORE", server.data().resolve("secrets/jwks.json").toString());
    settings.put("SPINOR_DB_URL", databaseUrl("postgresql://spinor:%2$s@127.0.0.1:%1$s/postgres"));
    try (ServerProcess second =
        ServerProcess.withConfiguration(
            Configurations.local(2, 2, 5), settings, "--issuer", server.url().toString())) {
      assertThat(sent(place, Map.of(), bytes)).isEqualTo(204);
      Api there = new Api(second.url(), token);
      assertThat(Archives.namesIn(there, place.path("pfn").asString()))
          .containsExactly("hello.txt");
    }
  }

  @Test
  void jobsAndUsersWaitForAStoreThatWasKilled() {
    byte[] bytes = fresh();
    String pfn = Archives.upload(user(), bytes);
    Gate gate = new Gate();
    long job =
        user()
            .submit(
                """
                Executable = "/bin/sh"; Arguments = "-c '%s; echo done'"; StdOutput = "std.out"; OutputSandbox = {"std.out"};
                """
                    .formatted(gate.passed()))
            .getFirst();
    Await.until("the job runs", PATIENCE, () -> user().statusOf(job).equals("Running"));
    store.killHard();
    gate.open();
    HttpResponse<String> refused = user().call("POST", "/api/jobs/sandbox", Archives.info(fresh()));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(user().status("GET", "/api/health/ready", null)).isEqualTo(200);
    Await.until(
        "the pilot wants to bring the output",
        PATIENCE,
        () -> user().statusOf(job).equals("Completing"));
    store.start();
    assertThat(user().waitForAll(List.of(job), PATIENCE)).containsOnlyKeys("Done");
    String output =
        user().ok("GET", "/api/jobs/" + job + "/sandbox/output", null).path(0).asString();
    assertThat(Archives.namesIn(user(), output)).contains("std.out");
    assertThat(Archives.namesIn(user(), pfn)).containsExactly("hello.txt");
  }

  @Test
  void cleaningDeletesObjectsAlsoAfterStoreAndServerWereKilled() {
    byte[] bytes = fresh();
    long job = user().submit("Executable = \"/bin/true\"; Tags = {\"never\"};").getFirst();
    String pfn = Archives.upload(user(), bytes);
    user().ok("PATCH", "/api/jobs/" + job + "/sandbox/output", Json.write(pfn));
    URI address = store.kept(Archives.locate(user(), pfn));
    clean();
    assertThat(ObjectStore.status(address)).as("the job has it").isEqualTo(200);
    user().ok("DELETE", "/api/jobs/" + job + "/sandbox", null);
    store.killHard();
    clean();
    assertThat(count("SELECT count(*) FROM sandboxes.leftover")).isPositive();
    assertThat(user().status("GET", Archives.question(pfn), null)).isEqualTo(400);
    server.killHard();
    store.start();
    assertThat(ObjectStore.status(address)).as("still to be deleted").isEqualTo(200);
    server.startAgain();
    clean();
    Await.until(
        "nothing is left over",
        PATIENCE,
        () -> count("SELECT count(*) FROM sandboxes.leftover") == 0);
    assertThat(ObjectStore.status(address)).isEqualTo(404);
    assertThat(Archives.announce(user(), bytes).path("url").isNull()).isFalse();
  }

  /** Makes the cleaning run now, and waits until a try of it has ended. */
  private static void clean() {
    long before = count("SELECT claim FROM tasks.task WHERE type = 'sandboxes.clean'");
    Await.until(
        "the cleaning has run",
        PATIENCE,
        () ->
            update(
                    "UPDATE tasks.task SET run_at = now() WHERE type = 'sandboxes.clean' AND claim = "
                        + before)
                && count(
                        "SELECT claim FROM tasks.task WHERE type = 'sandboxes.clean' AND state = 'waiting'")
                    > before);
  }

  private static boolean update(String sql) {
    try (Connection connection = database();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
      return true;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static long count(String sql) {
    try (Connection connection = database();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Connection database() throws SQLException {
    return DriverManager.getConnection(
        databaseUrl("jdbc:postgresql://127.0.0.1:%1$s/postgres?user=spinor&password=%2$s"));
  }

  /**
   * @param form with the port as %1$s and the password as %2$s
   */
  private static String databaseUrl(String form) {
    try {
      return form.formatted(
          Files.readAllLines(server.data().resolve("postgres/postmaster.pid")).get(3).strip(),
          Files.readString(server.data().resolve("secrets/postgres-password")).strip());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void serverThatCannotUseTheStoreSaysWhichSettingToChange() {
    assertThat(startedOnce(store.settings("S3_BUCKET", "no-such-bucket")))
        .contains("no bucket 'no-such-bucket'", "SPINOR_SANDBOXES_S3_CREATEBUCKET=true");
    assertThat(startedOnce(store.settings("S3_SECRET", "wrong")))
        .contains("SignatureDoesNotMatch", "SPINOR_SANDBOXES_S3_SECRET")
        .doesNotContain(ObjectStore.SECRET);
  }

  private String startedOnce(Map<String, String> settings) {
    Command.Result result =
        Command.of(
            PATIENCE,
            settings,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                HOME.resolve("server/target/server.jar").toString(),
                "--data",
                folder.resolve("data").toString(),
                "--port",
                "0",
                "--once"));
    assertThat(result.exit()).as(result.output()).isEqualTo(1);
    return result.output();
  }
}
