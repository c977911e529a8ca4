package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.ExitCode;
import org.spinor.client.Json;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;

class SubmitCommandTest {
  private static final String PFN = "SB:SandboxSE|/S3/b/vo/g/u/sha256:00.tar.zst";

  private final FakeServer server = new FakeServer();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    server
        .on("POST /api/jobs/sandbox", 200, "{\"pfn\":\"" + PFN + "\",\"url\":null,\"fields\":{}}")
        .on(
            "POST /api/jobs/jdl",
            201,
            """
            [{"JobID":17,"Status":"Received","MinorStatus":"Job accepted",
              "TimeStamp":"2026-11-21T03:15:39.902881Z"}]""");
    return new Shell(folder, server);
  }

  private List<Ad> sent() {
    return server.requests().stream()
        .filter(request -> request.path().equals("/api/jobs/jdl"))
        .flatMap(request -> Stream.of(Json.read(request.text(), String[].class)))
        .map(Jdl::parse)
        .toList();
  }

  private long calls(String path) {
    return server.requests().stream().filter(request -> request.path().equals(path)).count();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void localFilesBesideTheDescriptionAreReplacedByTheirSandbox() throws Exception {
    write(
        "jobs/fit.jdl",
        "Executable = \"fit.sh\"; InputSandbox = {\"data.txt\", \"LFN:/vo/x\", \"SB:SE|/S3/old\"};");
    write("jobs/fit.sh", "true");
    write("jobs/data.txt", "1");
    Shell.Result result = shell().run("jobs", "submit", "jobs/fit.jdl");
    assertThat(result.err()).contains("sending 2 files");
    assertThat(result.out()).isEqualTo("submitted 1 job: 17\n");
    assertThat(sent().getFirst().strings("InputSandbox"))
        .containsExactly(PFN, "LFN:/vo/x", "SB:SE|/S3/old");
  }

  @Test
  void wildcardsOfTheInputSandboxAreResolved() throws Exception {
    write("fit.jdl", "Executable = \"/bin/cat\"; InputSandbox = \"*.txt\";");
    write("a.txt", "1");
    write("b.txt", "1");
    assertThat(shell().run("jobs", "submit", "fit.jdl").err()).contains("sending 2 files");
  }

  @Test
  void syntaxErrorsOfAllFilesAreShownBeforeAnythingIsSent() throws Exception {
    write("good.jdl", "Executable = \"/bin/date\";");
    write("bad.jdl", "Executable = \"/bin/date\";\nCPUTime = = 3;");
    write("worse.jdl", "A = [");
    Shell.Result result = shell().run("jobs", "submit", "good.jdl", "bad.jdl", "worse.jdl");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .contains("nothing was submitted", "bad.jdl", "worse.jdl", "line 2, column 11", "^");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void missingFilesAreNamedBeforeAnythingIsSent() throws Exception {
    write("fit.jdl", "Executable = \"/bin/cat\"; InputSandbox = {\"a.txt\", \"b_%s.txt\"};");
    Shell.Result result = shell().run("jobs", "submit", "fit.jdl");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .contains("a.txt (named in InputSandbox)")
        .contains("b_%s.txt (parameters cannot");
    assertThat(server.requests()).isEmpty();
    assertThat(shell().run("jobs", "submit", "nothing.jdl").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void plainJobsGoTogetherAndParametricOnesAlone() throws Exception {
    write("a.jdl", "Executable = \"/bin/a\";");
    write("b.jdl", "Executable = \"/bin/b\";");
    write("many.jdl", "Executable = \"/bin/m\"; Parameters = 5;");
    shell().run("jobs", "submit", "a.jdl", "many.jdl", "b.jdl", "--set", "CPUTime = 300");
    assertThat(calls("/api/jobs/jdl")).isEqualTo(2);
    assertThat(sent())
        .extracting(ad -> ad.string("Executable").orElse(""))
        .containsExactly("/bin/m", "/bin/a", "/bin/b");
    assertThat(sent()).allMatch(ad -> ad.integer("CPUTime").getAsLong() == 300);
  }

  @Test
  void oneCommandIsAJob() {
    Shell.Result result =
        shell()
            .run("jobs", "submit", "--command", "echo \"$1\"; date", "-j", "3", "-n", "it's", "-q");
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(result.out()).isEqualTo("17\n");
    Ad ad = sent().getFirst();
    assertThat(ad.string("Executable")).contains("command.sh");
    assertThat(ad.string("JobName")).contains("it's");
    assertThat(ad.integer("Parameters").getAsLong()).isEqualTo(3);
    assertThat(ad.strings("InputSandbox")).containsExactly(PFN);
    assertThat(calls("/api/jobs/sandbox")).isEqualTo(1);
  }

  @Test
  void standardInputIsADescriptionToo() {
    shell().typing("Executable = \"/bin/date\"").run("jobs", "submit", "-");
    assertThat(sent().getFirst().string("Executable")).contains("/bin/date");
  }

  @Test
  void dryRunSendsNothing() {
    Shell.Result result =
        shell().typing("Executable = \"/bin/date\"").run("jobs", "submit", "-", "--dry-run");
    assertThat(result.out()).contains("Executable = \"/bin/date\";");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void waitMakesTheExitCodeThatOfTheJobs() {
    server.on("POST /api/jobs/summary", 200, "[{\"Status\":\"Failed\",\"count\":1}]");
    assertThat(shell().run("jobs", "submit", "--command", "false", "--wait").exitCode())
        .isEqualTo(ExitCode.FAILED);
  }

  @Test
  void nothingToSubmitIsWrongUse() {
    assertThat(shell().run("jobs", "submit").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(shell().run("jobs", "submit", "x.jdl", "-c", "date").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(shell().run("jobs", "submit", "-c", "date", "-j", "0").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void refusalOfTheServerIsShownWithAllItsProblems() {
    Shell shell = shell();
    server.on(
        "POST /api/jobs/jdl",
        400,
        """
        {"detail":"2 problems","code":"JDL_INVALID","problems":["CPUTime: at most 500000","Site: not known"]}""");
    Shell.Result result = shell.run("jobs", "submit", "--command", "date");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("2 problems", "CPUTime: at most", "Site: not known");
  }
}
