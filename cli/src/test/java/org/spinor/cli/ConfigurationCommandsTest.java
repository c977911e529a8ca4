package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.ExitCode;
import org.spinor.client.Json;

class ConfigurationCommandsTest {
  private static final String DONE =
      """
      {"revision":"0123456789abcdef","changes":[{"path":["Registry","a/b"],"before":1,"after":[2]}]}""";
  private static final String IMPORTED =
      """
      {"yaml":"Registry: {}\\n","taken":3,"left_out":[{"path":"/Systems","options":7,"reason":"does not run here"}],
       "notes":["look here"],"problems":[]}""";

  private final FakeServer server = new FakeServer();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    return new Shell(folder, server);
  }

  private Shell editing(String script) throws Exception {
    Path editor = Files.writeString(folder.resolve("editor.sh"), script);
    server
        .on(
            "GET /api/config/text",
            _ -> new FakeServer.Answer(200, "a: 1\n", Map.of("ETag", "abc")))
        .on("POST /api/config/check", 200, "{\"valid\":true,\"problems\":[]}");
    return shell().with("EDITOR", "sh " + editor);
  }

  @Test
  void valuesAreSetInPairsWithAReason() {
    server.on("PATCH /api/config/", 200, DONE);
    Shell.Result result =
        shell().typing("x: 1\n").run("config", "set", "A/b\\/c", "2", "D", "-", "-r", "why");
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(result.out())
        .contains("Registry/a\\/b", "- 1", "+ [2]", "version 0123456789 is in force");
    assertThat(Json.tree(server.requests().getFirst().text()))
        .isEqualTo(
            Json.tree(
                """
                {"reason":"why","changes":[{"path":["A","b/c"],"value":"2"},{"path":["D"],"value":"x: 1\\n"}]}"""));
    assertThat(shell().run("config", "set", "A", "1", "B", "-r", "why").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(shell().run("config", "set", "A", "1").exitCode())
        .as("a reason is needed")
        .isEqualTo(ExitCode.USAGE);
    assertThat(shell().run("config", "unset", "A/b", "-r", "why").exitCode())
        .isEqualTo(ExitCode.DONE);
    assertThat(server.requests().getLast().text()).contains("\"path\":[\"A\",\"b\"]");
  }

  @Test
  void theHistoryShowsWhatNeverTookEffect() {
    server.on(
        "GET /api/config/history",
        200,
        """
        {"total":30,"versions":[
          {"revision":"1111111111111111","time":"2026-11-26T10:00:00Z","author":"bert","email":"b@c","reason":"oops\\nmore",
           "in_force":false,"problems":["a: wrong"]},
          {"revision":"2222222222222222","time":"2026-11-25T10:00:00Z","author":"anna","email":"a@c","reason":"good",
           "in_force":true,"problems":[]}]}""");
    Shell.Result result = shell().run("config", "history");
    assertThat(result.out()).contains("1111111111", "1 problem", "oops", "in force", "anna");
    assertThat(result.err()).contains("a: wrong", "2 of 30 versions");
    server.on(
        "GET /api/config/history/2222",
        200,
        "{\"version\":{\"revision\":\"2222\",\"time\":\"2026-11-25T10:00:00Z\",\"author\":\"a\",\"email\":\"e\",\"reason\":\"r\",\"in_force\":true,\"problems\":[]},\"document\":{\"A\":{\"b\":1}}}");
    assertThat(shell().run("config", "show", "A", "--at", "2222").out()).isEqualTo("b: 1\n");
    server.on(
        "GET /api/config/diff",
        200,
        "{\"from\":\"1\",\"to\":\"2\",\"changes\":[{\"path\":[\"A\"],\"before\":null,\"after\":\"x\"}]}");
    assertThat(shell().run("config", "diff", "1").out()).isEqualTo("A\n  + x\n");
    assertThat(server.requests().getLast().query()).isEqualTo("from=1");
  }

  @Test
  void showSaysThatTheNewestVersionIsNotInForce() {
    server
        .on("GET /api/config/", 200, "{\"A\":1}")
        .on(
            "GET /api/config/state",
            200,
            """
            {"source":"git","has_history":true,"revision":"1","changed":"2026-11-25T10:00:00Z",
             "rejected":{"revision":"77","since":"2026-11-25T10:00:00Z","problems":["A: wrong"]}}""");
    Shell.Result result = shell().run("config", "show");
    assertThat(result.out()).isEqualTo("A: 1\n");
    assertThat(result.err()).contains("77, is not in force: 1 problem", "A: wrong");
  }

  @Test
  void theEditorOpensAgainWithTheProblems() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Shell shell =
        editing(
            """
            if grep -q 'a: wrong' "$1"; then sed -i 's/^a: 2/a: 3/' "$1"
            else sed -i -e 's/^#! Reason:.*/#! Reason: as agreed/' -e 's/^a: 1/a: 2/' "$1"; fi
            """);
    server.on(
        "PUT /api/config/",
        request ->
            asked.incrementAndGet() == 1
                ? new FakeServer.Answer(
                    400,
                    "{\"detail\":\"nothing was changed\",\"code\":\"CONFIGURATION_INVALID\",\"problems\":[\"a: wrong\"]}",
                    Map.of())
                : new FakeServer.Answer(200, DONE, Map.of()));
    Shell.Result result = shell.run("config", "edit");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(asked.get()).isEqualTo(2);
    assertThat(server.requests().getLast().text()).isEqualTo("a: 3\n");
    assertThat(server.requests().getLast().query()).contains("reason=as%20agreed", "merge=true");
  }

  @Test
  void aRefusedTextIsKept() throws Exception {
    Shell shell = editing("sed -i 's/^a: 1/a: 2/' \"$1\"");
    for (String code : new String[] {"CONFIGURATION_INVALID", "PRECONDITION_FAILED", "FORBIDDEN"}) {
      server.on(
          "PUT /api/config/", 400, "{\"detail\":\"no\",\"code\":\"" + code + "\",\"problems\":[]}");
      Shell.Result result = shell.run("config", "edit", "--reason", "why");
      assertThat(result.exitCode()).as(code).isNotZero();
      String file = result.err().replaceAll("(?s).*your text is kept in (\\S+).*", "$1");
      assertThat(Files.readString(Path.of(file))).as(code).contains("a: 2\n");
      Files.delete(Path.of(file));
    }
  }

  @Test
  void anEditWithoutAChangeChangesNothing() throws Exception {
    Shell.Result result = editing("exit 0").run("config", "edit");
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(result.err()).contains("nothing was changed");
    assertThat(editing("exit 3").run("config", "edit").err()).contains("ended with 3");
  }

  @Test
  void anImportIsReportedWrittenOrPutInForce() throws Exception {
    Files.writeString(folder.resolve("d.cfg"), "A = 1");
    server.on("POST /api/config/import", 200, IMPORTED);
    Shell.Result checked = shell().run("config", "import", "d.cfg", "--check");
    assertThat(checked.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(checked.out())
        .contains("3 options taken, 7 not", "/Systems", "does not run here", "look here", "valid");
    shell().run("config", "import", "d.cfg", "--to", "out.yml");
    assertThat(Files.readString(folder.resolve("out.yml"))).isEqualTo("Registry: {}\n");
    server
        .on(
            "GET /api/config/text",
            _ -> new FakeServer.Answer(200, "a: 1\n", Map.of("ETag", "abc")))
        .on("PUT /api/config/", 200, DONE);
    assertThat(shell().run("config", "import", "d.cfg").exitCode())
        .as("nobody can be asked")
        .isEqualTo(ExitCode.USAGE);
    assertThat(shell().run("config", "import", "d.cfg", "--yes").err())
        .contains("version 0123456789 is in force");
    server.on(
        "POST /api/config/import",
        200,
        IMPORTED.replace("\"problems\":[]", "\"problems\":[\"Registry: none\"]"));
    assertThat(shell().run("config", "import", "d.cfg", "--yes").exitCode())
        .isEqualTo(ExitCode.FAILED);
  }
}
