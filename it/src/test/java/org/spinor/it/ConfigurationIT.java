package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** The configuration changed over HTTP: a git repository of the test, edited from two sides. */
class ConfigurationIT {
  private static final String SHARE = "Registry/spinor/Groups/user/JobShare";
  private static Path repository;
  private static ServerProcess server;
  private static Api admin;
  private static Api user;

  @BeforeAll
  static void start() throws Exception {
    Path target = Path.of(System.getProperty("spinor.home"), "it/target").toAbsolutePath();
    Files.createDirectories(target);
    repository = Files.createTempDirectory(target, "config-");
    git("init", "-q", "-b", "master");
    commit(Configurations.WITHOUT_PILOTS, "the first one");
    server = ServerProcess.start("--config", "git+file://" + repository);
    admin = server.as("admin", "admin");
    user = server.as("user", "admin");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void git(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of("git", "-c", "user.name=Bert", "-c", "user.email=bert@example.org"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(repository.toFile()).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new AssertionError(command + " ended with " + process.exitValue());
    }
  }

  private static void commit(String text, String message) throws Exception {
    Files.writeString(repository.resolve("default.yml"), text);
    git("add", "default.yml");
    git("commit", "-q", "-m", message);
  }

  private static HttpResponse<String> send(
      Api api, String method, String path, String type, String body, String... headers) {
    HttpRequest.Builder request =
        api.transport()
            .request(path)
            .setHeader("Accept", "*/*")
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return api.transport().exchange(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> set(Api api, Object value, String... headers) {
    return send(
        api,
        "PATCH",
        "/api/config/",
        "application/json",
        Json.write(
            Map.of(
                "reason",
                "because",
                "changes",
                List.of(Map.of("path", List.of(SHARE.split("/")), "value", value.toString())))),
        headers);
  }

  private static int share() {
    return user.ok("GET", "/api/config/", null).at("/" + SHARE).asInt();
  }

  @Test
  void onlyAdministratorsOfTheConfigurationChangeItOrSeeItsText() {
    assertThat(user.status("GET", "/api/config/history", null)).isEqualTo(200);
    for (String path : List.of("/api/config/diff/text", "/api/config/text")) {
      assertThat(send(user, "GET", path, "text/plain", "").statusCode()).as(path).isEqualTo(403);
    }
    assertThat(set(user, 5).statusCode()).isEqualTo(403);
    assertThat(
            user.status("POST", "/api/config/rollback", Map.of("revision", "1234", "reason", "x")))
        .isEqualTo(403);
    assertThat(
            send(user, "PUT", "/api/config/?reason=x", "text/yaml", "a: 1", "If-Match", "*")
                .statusCode())
        .isEqualTo(403);
    assertThat(Api.anonymous(server.url()).status("GET", "/api/config/history", null))
        .isEqualTo(401);
  }

  @Test
  void editsBecomeCommitsAndConflictsAreTold() throws Exception {
    HttpResponse<String> text = send(admin, "GET", "/api/config/text", "text/plain", "");
    String seen = text.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> done = set(admin, 1234);
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    assertThat(share()).isEqualTo(1234);
    assertThat(Files.readString(repository.resolve("default.yml"))).contains("JobShare: 1234");
    String revision = done.headers().firstValue("ETag").orElseThrow();
    JsonNode newest = admin.ok("GET", "/api/config/history", null).path("versions").get(0);
    assertThat(newest.path("revision").asString()).isEqualTo(revision);
    assertThat(newest.path("author").asString()).isEqualTo("admin");
    assertThat(newest.path("reason").asString()).startsWith("because");
    assertThat(newest.path("in_force").asBoolean()).isTrue();
    assertThat(admin.ok("GET", "/api/config/diff", null).path("changes").toString())
        .contains("\"JobShare\"],\"before\":null,\"after\":1234");

    assertThat(set(admin, 7, "If-Match", seen).statusCode()).isEqualTo(412);
    HttpResponse<String> late =
        send(admin, "PUT", "/api/config/?reason=x", "text/yaml", text.body(), "If-Match", seen);
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(late.body()).contains(SHARE + ": (nothing) -> 1234");
    assertThat(send(admin, "PUT", "/api/config/?reason=x", "text/yaml", text.body()).statusCode())
        .as("without If-Match")
        .isEqualTo(400);
    HttpResponse<String> bad = set(admin, "many");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("Registry.spinor.Groups.user.JobShare: expected");

    JsonNode back =
        admin.ok("POST", "/api/config/rollback", Map.of("revision", seen, "reason", "undo"));
    assertThat(back.path("changes").size()).isOne();
    assertThat(share()).isEqualTo(1000);
    assertThat(admin.ok("GET", "/api/config/history/" + revision, null).at("/document/" + SHARE))
        .hasToString("1234");
  }

  @Test
  void aBadCommitMadeOutsideIsTold() throws Exception {
    String good = Files.readString(repository.resolve("default.yml"));
    commit(good.replace("DefaultGroup: user", "DefaultGroup: nobody"), "oops");
    Await.until(
        "the server has seen the bad commit",
        Duration.ofMinutes(1),
        () -> admin.ok("GET", "/api/config/state", null).path("rejected").isObject());
    assertThat(admin.ok("GET", "/api/config/state", null).toString())
        .contains("no group of spinor is called 'nobody'");
    assertThat(share()).isPositive();
    JsonNode newest = user.ok("GET", "/api/config/history", null).path("versions").get(0);
    assertThat(newest.path("in_force").asBoolean()).isFalse();
    assertThat(newest.path("problems").size()).isOne();
    assertThat(Files.readString(server.log())).contains("is not taken");
    HttpResponse<String> mended =
        send(admin, "PUT", "/api/config/?reason=mended", "text/yaml", good, "If-Match", "*");
    assertThat(mended.statusCode()).as(mended.body()).isEqualTo(200);
    assertThat(admin.ok("GET", "/api/config/state", null).path("rejected").isNull()).isTrue();
  }

  @Test
  void aConfigurationOfDiracIsConverted() throws Exception {
    Path example = Path.of(System.getProperty("spinor.home"), "examples/dirac-cfg/two-vos.cfg");
    JsonNode result =
        user.ok(
            "POST",
            "/api/config/import",
            Map.of("cfg", Files.readString(example), "leave_out", false));
    assertThat(result.path("problems")).isEmpty();
    assertThat(result.path("left_out").size()).isGreaterThan(10);
    HttpResponse<String> checked =
        send(user, "POST", "/api/config/check", "text/yaml", result.path("yaml").asString());
    assertThat(checked.body()).contains("\"valid\":true");
    assertThat(
            user.call("POST", "/api/config/import", Map.of("cfg", "A {", "leave_out", false))
                .body())
        .contains("line 1, column 1: section /A is not closed");
  }
}
