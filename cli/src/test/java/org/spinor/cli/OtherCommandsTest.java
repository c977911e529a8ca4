package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.ExitCode;
import org.spinor.client.Json;

class OtherCommandsTest {
  private static final String WHO =
      """
      {"sub":"spinor:1","vo":"spinor","dirac_group":"user","policies":{},"properties":["NormalUser"],
       "preferred_username":"anna"}""";

  private final FakeServer server = new FakeServer();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    return new Shell(folder, server);
  }

  @Test
  void noServerSaysHowToGetOne() {
    Shell.Result result =
        new Shell(folder).with("SPINOR_URL", "http://localhost:1").run("jobs", "list");
    assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(result.err())
        .contains("no server at http://localhost:1", "spinor server --data DIR", "SPINOR_URL");
  }

  @Test
  void addressIsCheckedBeforeUse() {
    for (String wrong : new String[] {"http://x/api", "ftp://x", "http://", "a b"}) {
      assertThat(shell().run("whoami", "--url", wrong).exitCode())
          .as(wrong)
          .isEqualTo(ExitCode.USAGE);
    }
    server.on("GET /api/auth/userinfo", 200, WHO);
    String address = "localhost:" + server.address().getPort() + "/";
    assertThat(shell().run("whoami", "--url", address).exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void diracxUrlNamesTheServerToo() {
    server.on("GET /api/auth/userinfo", 200, WHO);
    Shell shell = new Shell(folder).with("DIRACX_URL", server.address().toString());
    assertThat(shell.run("whoami").out()).contains("anna", "NormalUser");
  }

  @Test
  void nobodyLoggedInIsToldHow() {
    server.on("GET /api/sites", 401, "{\"detail\":\"Authorization header is missing\"}");
    Shell.Result result = shell().without("SPINOR_TOKEN").run("sites", "list");
    assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_LOGGED_IN);
    assertThat(result.err()).contains("spinor login");
  }

  @Test
  void refusalsHaveExitCodesOfTheirOwn() {
    server
        .on("POST /api/sites/X/ban", 403, "{\"detail\":\"Forbidden\"}")
        .on("POST /api/sites/Y/ban", 404, "{\"detail\":\"no site Y\"}")
        .on("POST /api/sites/Z/ban", 500, "{\"detail\":\"INTERNAL\",\"code\":\"INTERNAL\"}");
    assertThat(shell().run("sites", "ban", "X", "-r", "x").exitCode())
        .isEqualTo(ExitCode.FORBIDDEN);
    assertThat(shell().run("sites", "ban", "Y", "-r", "x").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
    assertThat(shell().run("sites", "ban", "Z", "-r", "x").exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(shell().run("sites", "ban", "X").exitCode())
        .as("a ban needs a reason")
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void loginIsKeptAndUsedAndEnded() {
    server
        .on(
            "GET /.well-known/dirac-metadata",
            200,
            "{\"virtual_organizations\":{\"spinor\":{\"groups\":{\"user\":{},\"admin\":{}}}}}")
        .on(
            "POST /api/auth/token",
            200,
            "{\"access_token\":\"fresh\",\"expires_in\":1200,\"token_type\":\"Bearer\",\"refresh_token\":\"r\"}")
        .on(
            "GET /api/auth/userinfo",
            request ->
                "Bearer fresh".equals(request.authorization())
                    ? new FakeServer.Answer(200, WHO, Map.of())
                    : new FakeServer.Answer(401, "{\"detail\":\"no\"}", Map.of()))
        .on("POST /api/auth/revoke", 200, "\"Refresh token revoked\"");
    Shell shell = shell().without("SPINOR_TOKEN").typing("secret\n");
    Shell.Result login =
        shell.run("login", "--user", "anna", "--group", "admin", "--password-stdin");
    assertThat(login.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(login.err()).contains("as anna, VO spinor, group user");
    assertThat(server.requests().get(1).text())
        .contains("username=anna", "password=secret", "scope=vo%3Aspinor+group%3Aadmin");
    Path file = folder.resolve("login/credentials.json");
    assertThat(file).exists();
    shell.run("whoami");
    assertThat(server.requests().getLast().authorization()).isEqualTo("Bearer fresh");
    assertThat(shell.run("logout").exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(server.requests().getLast().text()).contains("token=r");
    assertThat(file).doesNotExist();
  }

  @Test
  void loginChecksVoAndGroupFirst() {
    server.on(
        "GET /.well-known/dirac-metadata",
        200,
        "{\"virtual_organizations\":{\"a\":{\"groups\":{\"user\":{}}},\"b\":{\"groups\":{}}}}");
    Shell shell = shell().typing("x\n");
    assertThat(shell.run("login", "-u", "x", "--password-stdin").err()).contains("a, b");
    assertThat(shell.run("login", "-u", "x", "--vo", "c", "--password-stdin").err())
        .contains("no VO c");
    assertThat(shell.run("login", "-u", "x", "--vo", "a", "-g", "z", "--password-stdin").err())
        .contains("no group z");
  }

  @Test
  void wrongPasswordIsNotLoggedIn() {
    server
        .on(
            "GET /.well-known/dirac-metadata",
            200,
            "{\"virtual_organizations\":{\"spinor\":{\"groups\":{}}}}")
        .on("POST /api/auth/token", 401, "{\"detail\":\"wrong user or password\"}");
    Shell.Result result = shell().typing("x\n").run("login", "-u", "anna", "--password-stdin");
    assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_LOGGED_IN);
    assertThat(result.err()).contains("did not let anna in").contains("wrong user or password");
    assertThat(folder.resolve("login/credentials.json")).doesNotExist();
  }

  @Test
  void endedLoginIsRenewedOrSaidToBeOver() throws Exception {
    Path file = folder.resolve("login/credentials.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"access_token\":\"old\",\"refresh_token\":\"r1\",\"expires_on\":1}");
    server
        .on("POST /api/auth/token", 401, "{\"detail\":\"expired\"}")
        .on("GET /api/auth/userinfo", 200, WHO);
    Shell shell = shell().without("SPINOR_TOKEN");
    Shell.Result over = shell.run("whoami");
    assertThat(over.exitCode()).isEqualTo(ExitCode.NOT_LOGGED_IN);
    assertThat(over.err()).contains("the login has ended (expired)");
    server.on(
        "POST /api/auth/token",
        200,
        "{\"access_token\":\"new\",\"expires_in\":1200,\"token_type\":\"Bearer\",\"refresh_token\":\"r2\"}");
    assertThat(shell.run("whoami").exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(server.requests().getLast().authorization()).isEqualTo("Bearer new");
  }

  @Test
  void configShowsAPartAsYaml() {
    server.on(
        "GET /api/config/",
        200,
        "{\"Registry\":{\"spinor\":{\"DefaultGroup\":\"user\",\"Users\":{},\"VOMSName\":null}}}");
    assertThat(shell().run("config", "show", "Registry/spinor").out())
        .isEqualTo("DefaultGroup: user\nUsers: {}\nVOMSName: null\n");
    Shell.Result missing = shell().run("config", "show", "Registry/other");
    assertThat(missing.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(missing.err()).contains("Registry/other", "it has: spinor");
  }

  @Test
  void configCheckShowsAllProblemsAndFails() throws Exception {
    Files.writeString(folder.resolve("c.yml"), "a: b\n");
    server.on("POST /api/config/check", 200, "{\"valid\":false,\"problems\":[\"a: unknown\"]}");
    Shell.Result result = shell().run("config", "check", "c.yml");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).contains("a: unknown");
    server.on(
        "POST /api/config/check",
        200,
        "{\"valid\":true,\"problems\":[],\"warnings\":[\"Resources.Sites.S.CEs.c.Port: bad\"]}");
    result = shell().run("config", "check", "c.yml");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out())
        .contains("1 problem with queues that would get no pilots", "Resources.Sites.S.CEs.c.Port");
    server.on("POST /api/config/check", 200, "{\"valid\":true,\"problems\":[],\"warnings\":[]}");
    assertThat(shell().run("config", "check", "c.yml").exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(shell().run("config", "check", "none.yml").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void sitesAreListedWithTheirQueues() {
    server.on(
        "GET /api/sites",
        200,
        """
        [{"name":"LCG.CERN.ch","status":"Banned","reason":"cooling","changed_by":"anna","changed_at":null,
          "computing_elements":[{"name":"ce1","type":"Local","queues":[{"name":"long",
            "pilots_waiting":1,"pilots_running":2,"breaker":"open","last_error":"sbatch: refused"}]}]},
         {"name":"LCG.North.org","status":"Active","reason":"","silent_since":"2026-11-28T02:10:33Z","computing_elements":[]}]""");
    assertThat(shell().run("sites", "list").out())
        .contains("LCG.CERN.ch", "Banned", "long", "stopped (open)", "sbatch: refused")
        .contains("nobody there is heard since 2026-11-28 ");
  }

  @Test
  void pilotsAreListedShownFollowedDrained() {
    server
        .on(
            "POST /api/pilots/search",
            _ ->
                new FakeServer.Answer(
                    206,
                    "[{\"PilotStamp\":\"p1\",\"Status\":\"Running\",\"GridSite\":\"S\"}]",
                    Map.of("Content-Range", "pilots 0-0/9")))
        .on(
            "GET /api/pilots/p1",
            200,
            "{\"PilotStamp\":\"p1\",\"Status\":\"Done\",\"node\":{\"cores\":\"2\"}}")
        .on("GET /api/pilots/p1/output", 200, "killed: out of memory\n")
        .on("GET /api/pilots/p2/log", 200, "")
        .on("GET /api/pilots/p2/output", 200, "")
        .on("GET /api/pilots/p1/log", request -> log(String.valueOf(request.query())))
        .on("POST /api/pilots/p1/drain", 204, "");
    assertThat(shell().run("pilots", "list").out()).contains("p1", "Running");
    assertThat(shell().run("pilots", "show", "p1").out()).contains("cores: \"2\"");
    assertThat(shell().run("pilots", "log", "p1", "--follow").out()).isEqualTo("hello\nbye\n");
    assertThat(shell().run("pilots", "log", "p1", "--batch").out())
        .isEqualTo("hello\nkilled: out of memory\n");
    assertThat(shell().run("pilots", "log", "p2").err()).contains("p2 has said nothing");
    assertThat(shell().run("pilots", "drain", "p1").exitCode()).isEqualTo(ExitCode.DONE);
  }

  private static FakeServer.Answer log(String query) {
    String text = "hello\nbye\n";
    int offset = Integer.parseInt(query.replace("offset=", ""));
    return new FakeServer.Answer(
        200, text.substring(offset, Math.min(text.length(), offset + 6)), Map.of());
  }

  @Test
  void tasksAreListedAndRetried() {
    server
        .on("GET /api/tasks", 200, "[{\"id\":\"5\",\"kind\":\"x\",\"error\":\"refused\"}]")
        .on("POST /api/tasks/5/retry", 204, "");
    assertThat(shell().run("tasks", "list").out()).contains("kind", "refused");
    assertThat(server.requests().getLast().query()).isEqualTo("state=dead");
    assertThat(shell().run("tasks", "retry", "5").exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(shell().run("tasks", "list", "--state", "asleep").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void serverStatusTellsReadyFromNotReady() {
    server
        .on("GET /api/health/live", 200, "{}")
        .on("GET /api/health/startup", 200, "{}")
        .on("GET /api/health/ready", 503, "{}");
    assertThat(shell().run("server", "status").exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(shell().run("server", "wait", "--timeout", "0s").exitCode())
        .isEqualTo(ExitCode.TIMED_OUT);
    server
        .on("GET /api/health/ready", 200, "{}")
        .on("GET /.well-known/dirac-metadata", 200, "{\"virtual_organizations\":{\"spinor\":{}}}");
    assertThat(
            Json.tree(shell().run("server", "status", "-o", "json").out())
                .path("vos")
                .get(0)
                .asString())
        .isEqualTo("spinor");
    assertThat(shell().run("server", "wait").exitCode()).isEqualTo(ExitCode.DONE);
  }
}
