package org.spinor.pilot.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.spinor.api.Assignment;
import org.spinor.pilot.fake.FakeServer;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.node.Host;
import org.spinor.pilot.payload.Containment;
import org.spinor.pilot.payload.ContainmentChoice;

/** Payloads that take too much, and contained ones. */
@Timeout(240)
class WatchedPayloadTest {
  @TempDir Path folder;

  /** Not below /tmp, where a contained payload sees nothing anyway. */
  @TempDir(factory = InBuildFolder.class)
  Path outside;

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
  void wallClockTimeIsLimited() throws Exception {
    Assignment job =
        bench
            .server
            .jobs()
            .assignment(
                bench.jdl("echo begun; sleep 1000", "OutputSandbox = \"std.out\";"), 1, 0, 1);
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    String why = bench.last(job).replaceFirst("^Failed/", "");
    assertThat(why)
        .matches("Job has exceeded maximum wall clock time/ran for [1-9]\\d* s, allowed are 1 s");
    assertThat(bench.server.jobs().history(job.jobId()))
        .endsWith(
            "Completing/" + why,
            "Completing/Uploading Output Sandbox",
            "Completing/Output Sandbox Uploaded",
            "Failed/" + why);
  }

  @Test
  void memoryIsLimited() throws Exception {
    Assignment job =
        bench
            .server
            .jobs()
            .assignment(
                // much more than it may have, but not all that the machine has
                bench.jdl(
                    "exec awk 'BEGIN { for (i = 0; i < 300000; i++) a[i] = sprintf(\"%1000d\", i);"
                        + " system(\"exec sleep 1000\") }'"),
                1,
                50,
                0);
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job)).startsWith("Failed/Job has exceeded its memory limit/used ");
    assertThat(
            Long.parseLong(
                String.valueOf(bench.server.jobs().parameters(job.jobId()).get("Memory(MB)"))))
        .isGreaterThan(50);
  }

  @Test
  void diskIsLimited() throws Exception {
    WatchdogSettings limited =
        new WatchdogSettings(
            Duration.ofMillis(50),
            Duration.ofDays(3),
            1,
            5,
            Duration.ofMinutes(30),
            5,
            false,
            20,
            true,
            10,
            Duration.ofSeconds(1500));
    bench.with(WrapperBench.settings(limited));
    Assignment job = bench.script("head -c 5500000 /dev/zero >$TMPDIR/big; sleep 1000");
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job))
        .isEqualTo(
            "Failed/Job has insufficient disk space to continue/wrote 6 MB, allowed are 5 MB");
  }

  @Test
  void aPayloadThatDoesNothingIsFoundUnlessItAsksNotToBe() throws Exception {
    bench.with(WrapperBench.settings(impatient(Duration.ofDays(3))));
    Assignment idle = bench.script("sleep 1000");
    assertThat(bench.run(idle)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(idle))
        .startsWith("Failed/Watchdog identified this job as stalled/used CPU");
    bench.with(WrapperBench.settings(impatient(Duration.ofSeconds(3))));
    for (String unjudged : List.of("DisableCPUCheck = true;", "JobType = \"Test\";")) {
      Assignment job = bench.script("sleep 1000", unjudged);
      assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
      assertThat(bench.last(job)).startsWith("Failed/Job has exceeded maximum wall clock time");
    }
  }

  private static WatchdogSettings impatient(Duration maxWall) {
    return new WatchdogSettings(
        Duration.ofMillis(50),
        maxWall,
        1,
        0,
        Duration.ofMillis(800),
        5,
        false,
        20,
        true,
        10,
        Duration.ofSeconds(1500));
  }

  @Test
  void theEndOfTheSlotEndsThePayloadInTime() throws Exception {
    // a tenth of the slot is kept for the outputs
    bench.withSlot(Duration.ofHours(1));
    Assignment job = bench.script("sleep 1000");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("the payload runs", () -> bench.last(job).startsWith("Running/Application"));
    bench.later(Duration.ofMinutes(55));
    assertThat(running.result()).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job)).startsWith("Failed/Job has reached the CPU limit of the queue");
  }

  @Test
  void theStopSignalComesBeforeTheEnd() throws Exception {
    bench.withSlot(Duration.ofHours(1));
    Path ready = folder.resolve("ready");
    Assignment job =
        bench.script(
            "trap 'echo saved >state; exit 0' USR1; >%s; while :; do sleep 0.1; done"
                .formatted(ready),
            "StopSigRegex = \"run\\\\.sh\"; StopSigNumber = 10; StopSigStartSeconds = 0;"
                + " StopSigFinishSeconds = 1200; OutputSandbox = \"state\";");
    WrapperBench.Running running = bench.start(job);
    FakeServer.await("the payload runs", () -> Files.exists(ready));
    bench.later(Duration.ofMinutes(45));
    assertThat(running.result()).isEqualTo(WrapperResult.DONE);
    assertThat(bench.server.jobs().output(job.jobId())).isNotEmpty();
  }

  @Test
  void aPayloadThatPrintsWithoutEndDoesNotFillTheDisk() throws Exception {
    Assignment job = bench.script("yes | head -c 200000000; exit 4");
    bench.keeping();
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job)).endsWith("exit code 4");
    Path out = folder.resolve("jobs/" + job.jobId() + ".1/job/std.out");
    assertThat(Files.size(out)).isBetween(100_000L, 100_300L);
    assertThat(out).content().contains("[199900000 bytes left out here");
  }

  @Test
  void bubblewrapShowsThePayloadItsOwnFoldersOnly() throws Exception {
    assumeThat(Host.real().hasProgram("bwrap")).isTrue();
    Path origin = Files.writeString(outside.resolve("origin"), "where it was");
    Containment contained =
        new ContainmentChoice("bubblewrap", "", List.of(), List.of(origin), List.of())
            .decide(folder, new Log("test", InstantSource.system(), bench.log::add));
    bench.with(contained);
    Files.writeString(folder.resolve("secret"), "secret");
    Assignment job =
        bench.script(
            """
            cat %s/secret && echo seen
            echo "[$(cat %s)]"
            echo x >/usr/spinor-test && echo written
            ls -A %s/jobs
            echo own >file; echo tmp >$TMPDIR/x; ls /tmp
            setsid sleep 1000 &
            cat file
            echo pid $$
            exit 6
            """
                .formatted(folder, origin, folder),
            "OutputSandbox = {\"std.out\"};");
    bench.keeping();
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job)).endsWith("exit code 6");
    String out = Files.readString(folder.resolve("jobs/" + job.jobId() + ".1/job/std.out"));
    assertThat(out)
        .contains(job.jobId() + ".1\n", "own\n")
        .doesNotContain("secret", "seen", "written");
    assertThat(out.lines().filter(line -> line.startsWith("pid ")).findFirst().orElse(""))
        .matches("pid \\d{1,2}");
    assertThat(bench.server.jobs().parameters(job.jobId()))
        .containsEntry("PayloadContainment", "bubblewrap");
  }

  /** As where a mount of another job's image goes away while bubblewrap lays out its own. */
  @Test
  void bubblewrapThatFailsBeforeThePayloadIsTheNodesFault() throws Exception {
    assumeThat(Host.real().hasProgram("bwrap")).isTrue();
    Path programs = Files.createDirectories(outside.resolve("programs"));
    Path failing = programs.resolve("bwrap");
    String fails =
        "#!/bin/sh%nif %s; then echo bwrap: no mount >&2; exit 1; fi%nexec /usr/bin/bwrap \"$@\"%n";
    Files.writeString(failing, fails.formatted("mkdir " + outside + "/failed 2>/dev/null"));
    assertThat(failing.toFile().setExecutable(true)).isTrue();
    bench.with(new Containment.Bubblewrap(folder, List.of(), List.of())).keeping();
    String path =
        "ExecutionEnvironment = {\"PATH=%s:/usr/bin:/bin\"}; StdError = \"std.err\";"
            .formatted(programs);
    Assignment once = bench.script("echo said; echo moaned >&2", path);
    assertThat(bench.run(once)).isEqualTo(WrapperResult.DONE);
    Path job = folder.resolve("jobs/" + once.jobId() + ".1/job");
    assertThat(job.resolve("std.out")).content().isEqualTo("said\n");
    assertThat(job.resolve("std.err")).content().isEqualTo("moaned\n");
    assertThat(bench.log).anyMatch(line -> line.contains("the payload never ran: bwrap: no mount"));

    Files.writeString(failing, fails.formatted("true"));
    Assignment never = bench.script("true", path);
    assertThat(bench.run(never)).isEqualTo(WrapperResult.NODE_FAILED);

    Assignment broken =
        bench
            .server
            .jobs()
            .assignment(
                "Executable = \"run.sh\"; InputSandbox = {\"%s\"};"
                    .formatted(
                        bench.server.sandboxes().store(Map.of("run.sh", "#!/no/interpreter\n"))));
    assertThat(bench.run(broken)).as("the user's fault").isEqualTo(WrapperResult.FAILED);
  }

  @Test
  void aContainedPayloadDiesWithItsSignalAndItsLimits() throws Exception {
    assumeThat(Host.real().hasProgram("bwrap")).isTrue();
    bench.with(new Containment.Bubblewrap(folder, List.of(), List.of()));
    Assignment job =
        bench
            .server
            .jobs()
            .assignment(
                bench.jdl(
                    "trap '' TERM; (trap '' TERM; setsid sleep 1000) & while :; do sleep 1; done"),
                1,
                0,
                1);
    assertThat(bench.run(job)).isEqualTo(WrapperResult.FAILED);
    assertThat(bench.last(job)).startsWith("Failed/Job has exceeded maximum wall clock time");
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .map(handle -> handle.info().command().orElse(""))
                .filter(command -> command.contains("bwrap") || command.contains("sleep")))
        .isEmpty();
  }

  static final class InBuildFolder implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory(Path.of("target"), "test").toAbsolutePath();
    }
  }
}
