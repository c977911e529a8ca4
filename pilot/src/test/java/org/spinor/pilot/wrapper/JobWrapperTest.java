package org.spinor.pilot.wrapper;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobCommand;
import org.spinor.pilot.fake.FakeJobs.Reported;
import org.spinor.pilot.fake.FakeServer;

@Timeout(240)
class JobWrapperTest {
  @TempDir Path folder;
  private WrapperBench bench;

  @BeforeEach
  void prepare() throws IOException {
    bench = new WrapperBench(folder);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void aJobThatSucceedsReportsEveryStepInOrder() throws Exception {
    Assignment job =
        bench.script(
            "echo hello $1 $2; echo wrong >&2; echo data >'ein Bild \u00fc.txt'",
            "Arguments = \"'two words' 2\";",
            "OutputSandbox = {\"std.out\", \"std.err\", \"*.txt\", \"missing.root\"};");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);
    assertThat(bench.server.jobs().history(job.jobId()))
        .containsExactly(
            "Matched/Job Received by Agent",
            "Running/Job Initialization",
            "Running/Downloading InputSandbox",
            "Running/Application/Running run.sh",
            "Completing/Application Finished Successfully/exit code 0",
            "Completing/Uploading Output Sandbox",
            "Completing/Output Sandbox Uploaded",
            "Done/Execution Complete");
    List<Instant> times =
        bench.server.jobs().reports(job.jobId()).stream().map(Reported::time).toList();
    assertThat(times).isSorted().doesNotHaveDuplicates();
    assertThat(output(job))
        .containsEntry("std.out", "hello two words 2\n")
        .containsEntry("std.err", "wrong\n")
        .containsEntry("ein Bild \u00fc.txt", "data\n");
    assertThat(bench.server.jobs().parameters(job.jobId()))
        .containsEntry("OutputSandboxMissingFiles", "missing.root")
        .containsEntry("HostName", "node")
        .containsEntry("Pilot_Reference", "stamp1")
        .containsEntry("GridCE", "ce")
        .containsKeys("TotalCPUTime(s)", "WallClockTime(s)", "Memory(MB)", "LocalAccount");
    assertThat(lastTail(job)).isEqualTo("hello two words 2\n");
    assertThat(folder.resolve("jobs")).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "exit 3, exit code 3",
    "kill -9 $$, signal 9 (SIGKILL)",
    "kill -11 $$, signal 11 (SIGSEGV)",
    "exit 255, exit code 255"
  })
  void aPayloadThatFailsKeepsItsOutput(String script, String application) throws Exception {
    Assignment job = bench.script("echo before\n" + script, "OutputSandbox = {\"std.out\"};");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.server.jobs().history(job.jobId()))
        .endsWith(
            "Completing/Application Finished With Errors/" + application,
            "Completing/Uploading Output Sandbox",
            "Completing/Output Sandbox Uploaded",
            "Failed/Application Finished With Errors/" + application);
    assertThat(output(job)).containsEntry("std.out", "before\n");
  }

  @Test
  void code1502AsksToBeRunElsewhere() throws Exception {
    Assignment job = bench.script("exit 222");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.GIVEN_BACK);
    assertThat(bench.server.jobs().history(job.jobId()))
        .endsWith("Running/Going to reschedule job/exit code 222");
    assertThat(bench.server.jobs().requeued().get(attempt(job))).contains("elsewhere");
  }

  @Test
  void imageThatTheNodeCannotRunSendsTheJobElsewhereAndABrokenOneFailsIt() throws Exception {
    Assignment job = bench.script("exit 0", "ContainerImage = \"debian:12\";");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.NODE_FAILED);
    assertThat(bench.server.jobs().requeued().get(attempt(job)))
        .contains("no Apptainer or Podman is on this node");
    bench.withPrograms("singularity");
    Assignment broken = bench.script("exit 0", "ContainerImage = \"no-such-image\";");
    assertThat(bench.run(broken)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.server.jobs().history(broken.jobId()).getLast())
        .contains("the image no-such-image cannot be run");
  }

  @Test
  void theEnvironmentTellsTheJobWhereItIs() throws Exception {
    Assignment job =
        bench.script(
            "env | grep -E '^(DIRAC|SPINOR|JOBID|MY|X509|HOME|OMP)' | sort; pwd",
            "ExecutionEnvironment = {\"MY_VAR=a b=c\"};",
            "WholeNode = true; OutputSandbox = {\"std.out\"};");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);
    String id = job.jobId().toString();
    String home = folder + "/jobs/" + id + ".1/job";
    assertThat(output(job).get("std.out"))
        .contains("DIRACJOBID=" + id + "\n", "JOBID=" + id + "\n", "DIRACSITE=LCG.Test.org\n")
        .contains("DIRAC_JOB_PROCESSORS=1\n", "DIRAC_PROCESSORS=1\n", "DIRAC_WHOLENODE=True\n")
        .contains("MY_VAR=a b=c\n", "OMP_NUM_THREADS=1\n", "SPINOR_ATTEMPT=" + id + ".1\n")
        .contains("HOME=" + home + "\n")
        .endsWith(home + "\n")
        .doesNotContain("X509_USER_PROXY", "payload-");
  }

  @ParameterizedTest
  @CsvSource({
    "nothing.sh, neither in the input sandbox nor on the PATH",
    "/nothing/at/all, is not on this node",
    "../../../bin/true, leads outside",
    "/etc/passwd, is not on this node"
  })
  void aMissingExecutableFails(String executable, String why) throws Exception {
    Assignment job = bench.server.jobs().assignment("Executable = \"" + executable + "\";");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job)).startsWith("Failed/Application not found/").contains(why);
  }

  @Test
  void aProgramOfTheNodeNeedsNoSandbox() throws Exception {
    Assignment job =
        bench
            .server
            .jobs()
            .assignment(
                "Executable = \"echo\"; Arguments = \"$HOME `id` *\"; StdOutput = \"o.txt\";"
                    + " StdError = \"o.txt\"; OutputSandbox = \"o.txt\";");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);
    assertThat(output(job)).containsExactly(Map.entry("o.txt", "$HOME `id` *\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "'Executable = ', Job Initialization",
    "'Executable = \"echo\"; Arguments = \"''open\";', Job Initialization",
    "'Executable = \"echo\"; StdOutput = \"../x\";', Job Initialization",
    "'Executable = \"echo\"; ExecutionEnvironment = {\"A B=1\"};', Job Initialization",
    "'Executable = \"echo\"; StopSigRegex = \"[\";', Job Initialization",
    "'JobName = \"x\";', Application not found",
    "'Executable = \"echo\"; InputData = {\"LFN:/vo/x\"};', Input Data Resolution"
  })
  void aDescriptionThatCannotBeRunFailsWithTheReason(String jdl, String minor) throws Exception {
    Assignment job = bench.server.jobs().assignment(jdl);
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job)).startsWith("Failed/" + minor + "/");
  }

  @Test
  void unsafeAndMissingSandboxesAreTheUsersFault() throws Exception {
    String unsafe = bench.server.sandboxes().store(Map.of("../../evil", "x"));
    for (Map.Entry<String, String> one :
        Map.of(
                unsafe,
                "Failed/Failed Downloading InputSandbox/",
                "LFN:/vo/user/file",
                "Failed/Failed Downloading InputSandbox LFN(s)/",
                "local.txt",
                "Failed/Failed Downloading InputSandbox/",
                unsafe.replace("sha256:", "sha256:0").replaceFirst("0(.{63}).", "0$1"),
                "Failed/Failed Downloading InputSandbox/")
            .entrySet()) {
      Assignment job =
          bench
              .server
              .jobs()
              .assignment("Executable = \"true\"; InputSandbox = {\"" + one.getKey() + "\"};");
      assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
      assertThat(bench.last(job)).startsWith(one.getValue());
    }
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(path -> path.getFileName().toString())).doesNotContain("evil");
    }
  }

  @Test
  void aDamagedDownloadIsRepeatedAndThenGivenBack() throws Exception {
    Assignment job = bench.script("exit 0");
    bench.server.sandboxes().damageDownloads(1);
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);

    bench.withDownloadPatience(Duration.ofSeconds(2));
    Assignment unlucky = bench.script("exit 0");
    bench.server.sandboxes().damageDownloads(10_000);
    assertThat(bench.run(unlucky)).isEqualTo(WrapperResult.NODE_FAILED);
    assertThat(bench.server.jobs().requeued().get(attempt(unlucky))).contains("checksum");
  }

  @Test
  void whatAStoreSaysInPlaceOfASandboxIsNoPartOfIt() throws Exception {
    Assignment job = bench.script("exit 0");
    bench.server.sandboxes().refuseDownloads(2);
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);
  }

  @Test
  void whileTheServerIsAwayReportsWaitInOrder() throws Exception {
    Assignment job = bench.script(bench.untilGo() + "echo out", "OutputSandbox = {\"std.out\"};");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await(
        "the payload runs", () -> bench.last(job).equals("Running/Application/Running run.sh"));
    bench.server.down(true);
    assertThat(running.future().isDone()).isFalse();
    bench.go();
    FakeServer.await(
        "uploads are tried",
        () ->
            bench.server.requests().stream().filter("POST /api/jobs/sandbox"::equals).count() > 2);
    bench.server.down(false);
    bench.server.unavailable(true);
    int before = bench.server.requests().size();
    FakeServer.await("it goes on trying", () -> bench.server.requests().size() > before + 3);
    bench.server.unavailable(false);
    assertThat(running.result()).isEqualTo(WrapperResult.DONE);
    assertThat(bench.server.jobs().history(job.jobId()))
        .containsExactly(
            "Matched/Job Received by Agent",
            "Running/Job Initialization",
            "Running/Downloading InputSandbox",
            "Running/Application/Running run.sh",
            "Completing/Application Finished Successfully/exit code 0",
            "Completing/Uploading Output Sandbox",
            "Completing/Output Sandbox Uploaded",
            "Done/Execution Complete");
    assertThat(bench.server.jobs().largestBulk()).isGreaterThan(1);
    assertThat(lastTail(job)).isEqualTo("out\n");
  }

  @Test
  void lostAnswersDoNoHarm() throws Exception {
    Assignment job = bench.script("echo out", "OutputSandbox = {\"std.out\"};");
    bench.server.loseAnswers(6);
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);
    assertThat(bench.last(job)).isEqualTo("Done/Execution Complete");
    bench.server.loseAnswers(0);
    Assignment other = bench.script("echo out 2", "OutputSandbox = {\"std.out\"};");
    WrapperBench.Running running = bench.start(other);
    FakeServer.await("it uploads", () -> history(other).contains("Uploading Output Sandbox"));
    bench.server.loseAnswers(4);
    assertThat(running.result()).isEqualTo(WrapperResult.DONE);
    assertThat(output(other)).containsEntry("std.out", "out 2\n");
  }

  @Test
  void aStaleAttemptIsStoppedAndReportsNothingMore() throws Exception {
    Assignment job = bench.script("echo $$ >pid; sleep 1000");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("the payload runs", () -> history(job).contains("Application"));
    bench.server.jobs().end(attempt(job));
    int reports = bench.server.jobs().reports(job.jobId()).size();
    assertThat(running.result()).isEqualTo(WrapperResult.LOST);
    assertThat(bench.server.jobs().reports(job.jobId())).hasSize(reports);
    assertThat(folder.resolve("jobs")).isEmptyDirectory();
  }

  @Test
  void killEndsThePayloadAndIsReported() throws Exception {
    Assignment job = bench.script("trap '' TERM; while :; do sleep 1; done");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("the payload runs", () -> history(job).contains("Application"));
    bench.server.jobs().command(job.jobId(), JobCommand.KILL);
    assertThat(running.result()).isEqualTo(WrapperResult.KILLED);
    assertThat(bench.last(job)).isEqualTo("Killed/Received Kill signal");
  }

  @Test
  void peekBringsTheLatestOutputAtOnce() throws Exception {
    Assignment slowBeat =
        slow(
            bench.script(
                "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; done; sleep 1000"));
    WrapperBench.Running running = bench.start(slowBeat);
    FakeServer.await("the payload runs", () -> history(slowBeat).contains("Application"));
    FakeServer.await("a first heartbeat", () -> !beats(slowBeat).isEmpty());
    FakeServer.await(
        "a peek shows all",
        () -> {
          running.wrapper().command(new JobCommand(slowBeat.jobId(), JobCommand.PEEK, ""));
          return lastTail(slowBeat).endsWith("line 30\n");
        });
    assertThat(lastTail(slowBeat)).startsWith("line 11\n");
    assertThat(beats(slowBeat).getLast().wallClockTime()).isPositive();
    running.wrapper().command(new JobCommand(slowBeat.jobId(), JobCommand.KILL, ""));
    assertThat(running.result()).isEqualTo(WrapperResult.KILLED);
  }

  @Test
  void aPilotThatMustEndGivesTheAttemptBack() throws Exception {
    Assignment job = bench.script("sleep 1000");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("the payload runs", () -> history(job).contains("Application"));
    running.wrapper().giveBack("the pilot was told to stop", Duration.ofSeconds(20));
    assertThat(running.result()).isEqualTo(WrapperResult.GIVEN_BACK);
    assertThat(bench.server.jobs().requeued())
        .containsEntry(attempt(job), "the pilot was told to stop");
  }

  @Test
  void aPayloadThatTheEndOfTheSlotKillsHasNotFailed() throws Exception {
    Assignment job = bench.script(bench.untilGo() + "kill -TERM $$");
    assertThat(resultWhenTheSlotEndsDuring(job)).isEqualTo(WrapperResult.GIVEN_BACK);
    assertThat(bench.server.jobs().requeued())
        .containsEntry(attempt(job), "the pilot was told to stop by a signal");
  }

  /** A part of it may have been killed, which it did not look at. */
  @Test
  void aPayloadThatEndsWellInTheMomentOfTheSlotsEndIsRunAgain() throws Exception {
    bench.withSlotMoment(Duration.ofHours(1));
    assertThat(resultWhenTheSlotEndsDuring(bench.script(bench.untilGo())))
        .isEqualTo(WrapperResult.GIVEN_BACK);
  }

  @Test
  void aPayloadThatEndsWellAfterTheSignalIsDone() throws Exception {
    bench.withSlotMoment(Duration.ofMillis(100));
    assertThat(resultWhenTheSlotEndsDuring(bench.script(bench.untilGo() + "sleep 0.2")))
        .isEqualTo(WrapperResult.DONE);
  }

  private WrapperResult resultWhenTheSlotEndsDuring(Assignment job) throws Exception {
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("the payload runs", () -> history(job).contains("Application"));
    running.wrapper().slotEnds("the pilot was told to stop by a signal");
    bench.go();
    return running.result();
  }

  @Test
  void aPayloadThatFailsByItselfAtTheEndOfTheSlotHasFailed() throws Exception {
    assertThat(resultWhenTheSlotEndsDuring(bench.script(bench.untilGo() + "exit 3")))
        .isEqualTo(WrapperResult.FAILED);
  }

  @Test
  void aPayloadThatIsOverIsNotGivenBackButFinished() throws Exception {
    Assignment job = bench.script("echo out", "OutputSandbox = {\"std.out\"};");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("it ends", () -> history(job).contains("Application Finished"));
    running.wrapper().giveBack("the pilot was told to stop", Duration.ofSeconds(20));
    assertThat(running.result()).isEqualTo(WrapperResult.DONE);
    assertThat(bench.server.jobs().requeued()).isEmpty();
  }

  @Test
  void whenThePatienceIsOverTheWrapperEndsAnyway() throws Exception {
    Assignment job = bench.script("sleep 1000");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("the payload runs", () -> history(job).contains("Application"));
    bench.server.down(true);
    running.wrapper().giveBack("the pilot was told to stop", Duration.ofMillis(300));
    assertThat(running.result()).isEqualTo(WrapperResult.GIVEN_BACK);
    assertThat(String.join("", bench.log)).contains("did not reach the server");
  }

  @Test
  void anEmptyOrMissingOutputIsNamedAndNothingUploaded() throws Exception {
    Assignment job = bench.script("exit 0", "OutputSandbox = {\"a\", \"b*\"};");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);
    assertThat(bench.server.jobs().output(job.jobId())).isEmpty();
    assertThat(bench.server.jobs().parameters(job.jobId()))
        .containsEntry("OutputSandboxMissingFiles", "a, b*");
  }

  @Test
  void outputsOverTheLimitAreLeftOutAndNamed() throws Exception {
    Assignment job =
        bench.script(
            "head -c 300000 /dev/urandom >big; head -c 1000 /dev/urandom >small",
            "OutputSandbox = {\"big\", \"small\"};");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.DONE);
    assertThat(output(job)).containsOnlyKeys("small");
    assertThat(bench.server.jobs().parameters(job.jobId()))
        .containsEntry("OutputSandboxMissingFiles", "big (too large: 300000 bytes)");
  }

  private Assignment slow(Assignment job) {
    return new Assignment(
        job.jobId(),
        job.attempt(),
        job.vo(),
        job.owner(),
        job.ownerGroup(),
        job.jdl(),
        job.token(),
        job.cores(),
        job.memoryMb(),
        job.cpuSeconds(),
        job.wallSeconds(),
        3600);
  }

  private List<HeartbeatData> beats(Assignment job) {
    return bench.server.jobs().heartbeats(job.jobId());
  }

  private String lastTail(Assignment job) {
    String tail = beats(job).getLast().standardOutput();
    return tail == null ? "" : tail;
  }

  private String history(Assignment job) {
    return String.join("\n", bench.server.jobs().history(job.jobId()));
  }

  private static AttemptId attempt(Assignment job) {
    return new AttemptId(job.jobId(), job.attempt());
  }

  /** The files of the job's output sandbox. */
  private Map<String, String> output(Assignment job) throws IOException {
    Map<String, String> files = new TreeMap<>();
    byte[] bytes = bench.server.sandboxes().bytes(bench.server.jobs().output(job.jobId()));
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(new ByteArrayInputStream(bytes)), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
