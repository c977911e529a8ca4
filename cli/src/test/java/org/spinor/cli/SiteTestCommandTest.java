package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.ExitCode;
import org.spinor.client.Json;

/** {@code sites test}, {@code queues} and {@code nodes}. */
class SiteTestCommandTest {
  @TempDir private Path folder;
  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void stepsAreShownAsTheyEnd() {
    Deque<String> answers =
        new ArrayDeque<>(
            List.of(
                test("running", step("reach", "ok", "it answers"), step("start", "running", "")),
                test(
                    "failed",
                    step("reach", "ok", "it answers"),
                    failed("start", "not within 900 s\\nsecond line", "give it longer"),
                    step("end", "skipped", "over"),
                    step("output", "skipped", "over"))));
    server
        .on("POST /api/sites/S/tests", 200, "[" + test("running") + "]")
        .on(
            "GET /api/sites/S/tests/7",
            _ -> new FakeServer.Answer(200, answers.remove(), Map.of()));
    Shell.Result result = shell().run("sites", "test", "S", "--queue", "long", "--timeout", "2h");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out())
        .startsWith("S  ce/long  (VO spinor)\n")
        .contains("ok          1.5 s  title of reach: it answers\n")
        .contains("FAILED      1.5 s  title of start: not within 900 s\n")
        .contains("second line\n")
        .contains("-> give it longer\n")
        .contains("2 steps were not tried: over\n");
    assertThat(server.requests().getFirst().text())
        .contains("\"queue\":\"long\"", "\"timeout_seconds\":7200", "\"pilot\":true");
  }

  @Test
  void resultIsDataToo() {
    server.on("POST /api/sites/S/tests", 200, "[" + test("passed") + "]");
    Shell.Result result = shell().run("sites", "test", "S", "--no-pilot", "-o", "json");
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(Json.tree(result.out()).get(0).path("state").asString()).isEqualTo("passed");
    assertThat(server.requests().getFirst().text()).contains("\"pilot\":false");
    assertThat(shell().run("sites", "test", "S", "--timeout", "soon").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void queuesSayWhy() {
    server.on(
        "GET /api/queues",
        200,
        """
        [{"site":"S","ce":"ce","queue":"long","type":"Local","site_status":"Active","breaker":"open",
          "retry_at":"2026-11-26T20:00:00Z","last_error":"refused","last_error_at":"2026-11-26T19:00:00Z","last_sent":null,
          "limits":{"idle":8,"idle_now":2,"total":10},"waits":{"started":3,"expected_seconds":90,"longest_seconds":600},
          "shares":[{"vo":"spinor","jobs":12,"unsent":1,"waiting":2,"unknown":0,"running":4,"idle":1,"next":0,"why":"left alone"}]}]""");
    assertThat(shell().run("queues", "list", "--site", "S").out())
        .contains("long", "spinor", "12", "1 min 30 s", "left alone");
    assertThat(server.requests().getLast().query()).isEqualTo("site=S");
    assertThat(shell().run("queues", "show", "S", "ce", "long").out())
        .contains("left alone until 2026-11-26")
        .contains("8 may wait (2 at present), 10 in all")
        .contains("1 min 30 s expected, 3 of the newest have started, the longest still waits")
        .contains("refused");
    server.on("GET /api/queues", 200, "[]");
    assertThat(shell().run("queues", "show", "S").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(shell().run("queues", "list").err()).contains("no queues are configured");
  }

  @Test
  void nodesAreListedAndReleased() {
    server
        .on(
            "GET /api/nodes",
            200,
            """
            [{"site":"S","host":"wn1","fast_failures":0,"last_failure":"2026-11-26T19:00:00Z",
              "aside_until":"2026-11-27T01:00:00Z","reason":"5 jobs in a row failed","pilots":1}]""")
        .on("POST /api/nodes/release", 204, "");
    assertThat(shell().run("nodes", "list").out()).contains("wn1", "5 jobs in a row failed");
    assertThat(shell().run("nodes", "release", "S", "wn1").out()).contains("gets work again");
    assertThat(server.requests().getLast().text()).contains("\"host\":\"wn1\"");
  }

  private Shell shell() {
    return new Shell(folder, server);
  }

  private static String test(String state, String... steps) {
    return """
        {"id":7,"site":"S","ce":"ce","queue":"long","vo":"spinor","state":"%s","started":"2026-11-26T19:00:00Z",
         "ended":null,"timeout_seconds":900,"stamp":null,"steps":[%s]}"""
        .formatted(state, String.join(",", steps));
  }

  private static String step(String name, String state, String detail) {
    return step(name, state, detail, "");
  }

  private static String failed(String name, String detail, String advice) {
    return step(name, "failed", detail, advice);
  }

  private static String step(String name, String state, String detail, String advice) {
    return """
        {"name":"%s","title":"title of %s","state":"%s","began":"2026-11-26T19:00:00Z","seconds":%s,"detail":"%s","advice":"%s"}"""
        .formatted(name, name, state, state.equals("running") ? "null" : "1.5", detail, advice);
  }
}
