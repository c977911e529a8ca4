package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.ExitCode;
import org.spinor.client.Json;

class JobsCommandsTest {
  private static final String ROW =
      """
      [{"JobID":7,"Status":"Done","MinorStatus":"Execution Complete","Site":"LCG.CERN.ch",
        "JobName":"evil\\u001b[2J name","Owner":"anna","LastUpdateTime":"2026-11-21T03:15:39.902881Z"}]""";

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
  void listShowsATableForPeople() {
    server.on("POST /api/jobs/search", _ -> page(ROW, 376));
    Shell.Result result = shell().run("jobs", "list");
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(result.out())
        .startsWith("JobID  Status")
        .contains("2026-11-21 03:15:39", "evil?[2J name")
        .as("no escape codes: neither ours nor those of a job's name")
        .doesNotContain("\u001b");
    assertThat(result.err()).contains("1 of 376 jobs");
  }

  @Test
  void listIsColouredOnATerminalUnlessNobodyWantsThat() {
    server.on("POST /api/jobs/search", _ -> page(ROW, 1));
    Shell terminal = shell().with("SPINOR_TERMINALS", "in,out,err").with("TERM", "xterm");
    assertThat(terminal.run("jobs", "list").out()).contains("\u001b[32mDone\u001b[0m");
    assertThat(terminal.with("NO_COLOR", "1").run("jobs", "list").out()).doesNotContain("\u001b");
  }

  @Test
  void listPrintsJsonAndYamlForPrograms() {
    server.on("POST /api/jobs/search", _ -> page(ROW, 1));
    assertThat(
            Json.tree(shell().run("jobs", "list", "-o", "json").out())
                .get(0)
                .path("JobID")
                .asLong())
        .isEqualTo(7);
    assertThat(shell().run("jobs", "list", "--output", "yaml").out())
        .startsWith("- JobID: 7\n  Status: Done\n  MinorStatus: Execution Complete\n");
  }

  @Test
  void listTurnsOptionsIntoConditions() {
    server.on("POST /api/jobs/search", _ -> page("[]", 0));
    shell()
        .run(
            "jobs",
            "list",
            "5-7",
            "--status",
            "Waiting,Running",
            "--name",
            "fit*",
            "--since",
            "2026-11-01",
            "--where",
            "UserPriority gt 3",
            "--limit",
            "5");
    FakeServer.Request request = server.requests().getFirst();
    assertThat(request.query()).isEqualTo("page=1&per_page=5");
    assertThat(Json.tree(request.text()).path("search"))
        .isEqualTo(
            Json.tree(
                """
                [{"parameter":"Status","operator":"in","values":["Waiting","Running"]},
                 {"parameter":"JobName","operator":"like","value":"fit%"},
                 {"parameter":"UserPriority","operator":"gt","value":"3"},
                 {"parameter":"SubmissionTime","operator":"gt","value":"2026-11-01T00:00:00"},
                 {"parameter":"JobID","operator":"gt","value":4},
                 {"parameter":"JobID","operator":"lt","value":8}]"""));
  }

  @Test
  void wrongConditionsAreWrongUse() {
    for (List<String> words :
        List.of(
            List.of("--where", "Site"),
            List.of("--since", "yesterday"),
            List.of("7-5"),
            List.of("x"),
            List.of("--limit", "0"),
            List.of("--output", "xml"))) {
      List<String> line = new java.util.ArrayList<>(List.of("jobs", "list"));
      line.addAll(words);
      Shell.Result result = shell().run(line.toArray(String[]::new));
      assertThat(result.exitCode()).as(words.toString()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).startsWith("spinor: ");
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void killByQueryAsksFirst() {
    server
        .on("POST /api/jobs/search", _ -> page("[{\"JobID\":1}]", 12))
        .on("POST /api/jobs/kill", 200, "{\"changed\":12,\"unchanged\":0}");
    Shell.Result unasked = shell().run("jobs", "kill", "--owner", "anna");
    assertThat(unasked.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(unasked.err()).contains("this would kill 12 jobs").contains("--yes");
    Shell terminal = shell().with("SPINOR_TERMINALS", "in,err");
    assertThat(terminal.typing("n\n").run("jobs", "kill", "--owner", "anna").exitCode())
        .isEqualTo(ExitCode.FAILED);
    assertThat(killed()).isEmpty();
    assertThat(terminal.typing("y\n").run("jobs", "kill", "--owner", "anna").out())
        .contains("killed 12 jobs");
    assertThat(shell().run("jobs", "kill", "--owner", "anna", "--yes").exitCode())
        .isEqualTo(ExitCode.DONE);
    assertThat(killed()).hasSize(2);
  }

  @Test
  void killByNumberDoesNotAsk() {
    server.on("POST /api/jobs/kill", 200, "{\"changed\":2,\"unchanged\":1}");
    Shell.Result result = shell().typing("9\n").run("jobs", "kill", "7", "-", "8");
    assertThat(result.out()).contains("killed 2 jobs; 1 stay as they are");
    assertThat(killed()).containsExactly("{\"job_ids\":[7,8,9]}");
  }

  @Test
  void killOfNothingIsWrongUse() {
    assertThat(shell().run("jobs", "kill").exitCode()).isEqualTo(ExitCode.USAGE);
    server.on("POST /api/jobs/search", _ -> page("[]", 0));
    assertThat(shell().run("jobs", "kill", "--status", "Done", "-y").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
    assertThat(killed()).isEmpty();
  }

  private List<String> killed() {
    return server.requests().stream()
        .filter(request -> request.path().equals("/api/jobs/kill"))
        .map(FakeServer.Request::text)
        .toList();
  }

  @Test
  void refusedRescheduleNamesTheJobsAndWhy() {
    server.on(
        "POST /api/jobs/reschedule",
        400,
        "{\"detail\":{\"success\":{},\"failed\":{\"7\":{\"detail\":\"Maximum reached\"}}}}");
    Shell.Result result = shell().run("jobs", "reschedule", "7");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("job 7: Maximum reached");
  }

  @Test
  void waitEndsWithWhatBecameOfTheJobs() {
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "POST /api/jobs/summary",
        _ ->
            new FakeServer.Answer(
                200,
                asked.getAndIncrement() == 0
                    ? "[{\"Status\":\"Running\",\"count\":1},{\"Status\":\"Done\",\"count\":1}]"
                    : "[{\"Status\":\"Done\",\"count\":2}]",
                Map.of()));
    Shell.Result result = shell().run("jobs", "wait", "7,9");
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(result.out()).isEqualTo("Done 2\n");
    assertThat(result.err()).contains("Running 1, Done 1");
    assertThat(shell().run("jobs", "wait", "7,9,11").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void aStatusThatDoesNotExistIsRefusedWithThoseThatDo() {
    var result = shell().run("jobs", "list", "--status", "Runing");
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("Runing", "Running");
  }

  @Test
  void waitPutsUpWithAServerThatIsRestarted() {
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "POST /api/jobs/summary",
        _ ->
            switch (asked.getAndIncrement()) {
              case 0 ->
                  new FakeServer.Answer(200, "[{\"Status\":\"Running\",\"count\":1}]", Map.of());
              case 1 -> new FakeServer.Answer(503, "{\"detail\":\"starting\"}", Map.of());
              default ->
                  new FakeServer.Answer(200, "[{\"Status\":\"Done\",\"count\":1}]", Map.of());
            });
    assertThat(shell().run("jobs", "wait", "7").exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(asked).hasValue(3);
  }

  @Test
  void waitSaysWhenNotAllAreDoneOrTheTimeIsOver() {
    server.on("POST /api/jobs/summary", 200, "[{\"Status\":\"Failed\",\"count\":1}]");
    assertThat(shell().run("jobs", "wait", "7").exitCode()).isEqualTo(ExitCode.FAILED);
    server.on("POST /api/jobs/summary", 200, "[{\"Status\":\"Waiting\",\"count\":1}]");
    Shell.Result result = shell().run("jobs", "wait", "7", "--timeout", "0s");
    assertThat(result.exitCode()).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(result.err()).contains("Waiting 1");
    assertThat(shell().run("jobs", "wait", "7", "--timeout", "soon").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void explainIsText() {
    server.on(
        "GET /api/jobs/7/explain",
        200,
        """
        {"job_id":7,"status":"Waiting","verdict":"no_resource","summary":"No queue has 512 cores.",
         "requirements":["512 cores"],"could_run":[],"jobs_ahead":0,"share":"first in its share",
         "clauses":[{"name":"cores","text":"asks for 512, the largest queue has 2",
           "queues_refused":1,"queues_total":1,"pilots_refused":0,"pilots_total":0}]}""");
    String text = shell().run("jobs", "explain", "7").out();
    assertThat(text)
        .contains("Job 7 is Waiting: no resource")
        .contains("No queue has 512 cores.")
        .contains("1 of 1")
        .contains("asks for 512, the largest queue has 2")
        .contains("first in its share");
  }

  @Test
  void logShowsTheHistory() {
    server.on(
        "GET /api/jobs/7/logging",
        200,
        """
        [{"Status":"Received","MinorStatus":"Job accepted","ApplicationStatus":"Unknown",
          "StatusTime":"2026-11-21T03:15:39.902881Z","Source":"JobManager","Attempt":0},
         {"Status":"Running","MinorStatus":"Application","ApplicationStatus":"Unknown",
          "StatusTime":"2026-11-21T03:15:41Z","Source":"JobWrapper","Attempt":1}]""");
    assertThat(shell().run("jobs", "log", "7").out())
        .contains("Received  Job accepted", "03:15:41", "JobWrapper");
  }

  @Test
  void showOfAMissingJobSaysSo() {
    server.on("POST /api/jobs/search", _ -> page("[]", 0));
    Shell.Result result = shell().run("jobs", "show", "7");
    assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(result.err()).contains("no job 7");
  }

  @Test
  void showTellsEverythingOfAJob() {
    server
        .on("POST /api/jobs/search", _ -> page(ROW, 1))
        .on("GET /api/jobs/7/parameters", 200, "{\"CPUConsumed\":\"1.5\"}")
        .on(
            "GET /api/jobs/7/attempts",
            200,
            """
            [{"attempt":1,"pilot_stamp":"p1","site":"LCG.CERN.ch","ce":"ce1",
              "started":"2026-11-21T03:15:39Z","ended":null,"outcome":null,"reason":null}]""")
        .on("GET /api/jobs/7/sandbox", 200, "{\"Input\":[null],\"Output\":[\"/S3/x\"]}")
        .on("GET /api/jobs/7/jdl", 200, "{\"JobID\":7,\"JDL\":\"[ Executable = \\\"x\\\"; ]\"}");
    assertThat(shell().run("jobs", "show", "7").out())
        .contains("Job 7", "CPUConsumed", "p1", "/S3/x");
    assertThat(shell().run("jobs", "show", "7", "--jdl").out()).contains("[ Executable");
    assertThat(
            Json.tree(shell().run("jobs", "show", "7", "-o", "json").out()).get(0).path("attempts"))
        .hasSize(1);
  }

  @Test
  void outputWithoutSandboxIsNotFound() {
    server.on("GET /api/jobs/7/sandbox", 200, "{\"Input\":[null],\"Output\":[null]}");
    Shell.Result result = shell().run("jobs", "output", "7");
    assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(result.err()).contains("no output sandbox of 7").contains("spinor jobs log 7");
    assertThat(folder.resolve("7")).doesNotExist();
  }

  @Test
  void peekShowsTheLatestOutput() {
    server.on(
        "GET /api/jobs/7/peek",
        200,
        "{\"JobID\":7,\"StandardOutput\":\"step 3\\n\",\"Time\":\"2026-11-21T03:15:39Z\"}");
    assertThat(shell().run("jobs", "peek", "7").out()).isEqualTo("step 3\n");
    assertThat(folder).isEmptyDirectory();
  }

  private static FakeServer.Answer page(String rows, long total) {
    return new FakeServer.Answer(
        total > 1 ? 206 : 200,
        FakeServer.latin(rows),
        Map.of("Content-Range", "jobs 0-0/" + total));
  }
}
