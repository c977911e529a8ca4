package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.spi.Credentials;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/** What an element does with commands that fail, hang and lie: programs of a few lines of shell. */
class FakeSlurmTest {
  @TempDir Path data;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");

  @BeforeEach
  void install() throws IOException {
    Files.createDirectories(data.resolve("bin"));
    program("sbatch", "echo 4711");
    program("squeue", "");
    program("scancel", "");
    program("sacct", "exit 1");
  }

  private void program(String name, String body) throws IOException {
    Path file = data.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private ComputingElement open(Duration limit) {
    return new BatchPlugin()
        .create(
            new ComputingElementContext(
                "LCG.Fake.test",
                "fake",
                "long",
                Map.of(
                    "BatchSystem",
                    "Slurm",
                    "BatchFolder",
                    data.resolve("bin").toString(),
                    "FileLatencySeconds",
                    "60",
                    "KeepHours",
                    "1"),
                Credentials.none(),
                data.resolve("batch-ce"),
                limit,
                (InstantSource) () -> now));
  }

  private ComputingElement open() {
    return open(Duration.ofSeconds(30));
  }

  private static PilotSubmission pilot(String stamp) {
    return new PilotSubmission(
        stamp, "testvo", "exit 0", Map.of(), List.of(), PilotSubmission.Size.oneCore());
  }

  private static PilotState state(ComputingElement element, String stamp) {
    return Pilots.report(element, new PilotReference(stamp)).state();
  }

  @Test
  void pilotThatVanishesBeforeItBeganIsWaitingThenUnknownAndNeverEnded() {
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1")));
      assertThat(state(element, "a1")).isEqualTo(PilotState.WAITING);
      now = now.plusSeconds(61);
      assertThat(state(element, "a1")).isEqualTo(PilotState.UNKNOWN);
      now = now.plusSeconds(100_000);
      assertThat(state(element, "a1")).isEqualTo(PilotState.UNKNOWN);
    }
  }

  @Test
  void controllerThatIsDownEndsNobody() throws IOException {
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1")));
      program(
          "squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
      assertThatThrownBy(() -> state(element, "a1"))
          .isInstanceOf(TemporaryException.class)
          .hasMessageContaining("Unable to contact");
      program("squeue", "echo '4711|RUNNING|node1|None'");
      assertThat(state(element, "a1")).isEqualTo(PilotState.RUNNING);
    }
  }

  @Test
  void programThatHangsIsGivenUpInTime() throws IOException {
    program("squeue", "sleep 60");
    try (ComputingElement element = open();
        ComputingElement hasty = open(Duration.ofSeconds(6))) {
      Pilots.submit(element, List.of(pilot("a1")));
      long begin = System.nanoTime();
      assertThatThrownBy(() -> state(hasty, "a1")).isInstanceOf(TemporaryException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(40));
    }
  }

  @Test
  void whatTheSystemSaidOnceIsRememberedWhenItHasForgotten() throws IOException {
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1")));
      program("squeue", "echo '4711|TIMEOUT|node1|TimeLimit'");
      assertThat(state(element, "a1")).isEqualTo(PilotState.ABORTED);
      program("squeue", "");
      assertThat(state(element, "a1")).isEqualTo(PilotState.ABORTED);
    }
    try (ComputingElement another = open()) {
      assertThat(Pilots.report(another, new PilotReference("a1")).reason()).contains("TIMEOUT");
    }
  }

  @Test
  void whatTheSystemWroteIntoTheOutputIsTheReason() throws IOException {
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1")));
      Path folder = data.resolve("batch-ce/a1");
      Files.createDirectory(folder.resolve("started"));
      Files.writeString(
          data.resolve("batch-ce/.batches/" + Files.readString(folder.resolve("batch")).strip())
              .resolve("out.1"),
          """
          a line of the pilot
          slurmstepd-vm: error: StepId=3.batch exceeded memory limit (275119104 > 209715200), being killed
          slurmstepd-vm: error: Exceeded job memory limit
          slurmstepd-vm: error: *** JOB 3 ON vm CANCELLED AT 2026-11-27T05:35:10 ***
          """);
      program("squeue", "echo '4711|FAILED|vm|JobLaunchFailure'");
      assertThat(state(element, "a1")).as("its own word may come").isEqualTo(PilotState.RUNNING);
      now = now.plusSeconds(61);
      assertThat(Pilots.report(element, new PilotReference("a1")).reason())
          .isEqualTo(
              "job 4711: ended without writing down how: JobLaunchFailure: "
                  + "slurmstepd-vm: error: StepId=3.batch exceeded memory limit (275119104 > 209715200), being killed");
      program("squeue", "");
      assertThat(Pilots.report(element, new PilotReference("a1")).reason())
          .endsWith("being killed");
    }
  }

  @Test
  void whoKilledAPilotIsAsked() throws IOException {
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1")));
      Files.writeString(data.resolve("batch-ce/a1/exit"), "143 TERM\n");
      program("squeue", "echo '4711|COMPLETING|vm|None'");
      assertThat(state(element, "a1")).isEqualTo(PilotState.RUNNING);
      program("squeue", "echo '4711|TIMEOUT|vm|TimeLimit'");
      assertThat(Pilots.report(element, new PilotReference("a1")).reason())
          .isEqualTo("job 4711: TIMEOUT");
    }
  }

  @Test
  void historyIsAskedWhereTheQueueKnowsNoMore() throws IOException {
    program("sacct", "echo '4711|CANCELLED by 0|0:0|node1'");
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1")));
      assertThat(state(element, "a1")).isEqualTo(PilotState.ABORTED);
    }
  }

  @Test
  void missingProgramIsMisconfiguredAndAPilotCanBeSentAtOnceWhenItIsThere() throws IOException {
    try (ComputingElement element = open()) {
      Files.delete(data.resolve("bin/sbatch"));
      assertThatThrownBy(() -> element.submit(List.of(pilot("a1"))))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("sbatch");
      program("sbatch", "echo 4711");
      Pilots.submit(element, List.of(pilot("a1")));
    }
  }

  @Test
  void answerThatNobodyUnderstandsIsNoSubmissionAndIsNotRepeatedBlindly() throws IOException {
    program("sbatch", "echo >>" + data + "/calls; echo 'Hello, world!'");
    try (ComputingElement element = open()) {
      for (int i = 0; i < 2; i++) {
        assertThat(element.submit(List.of(pilot("a1"))).getFirst())
            .isInstanceOfSatisfying(
                SubmitResult.Refused.class,
                refused -> assertThat(refused.fault()).isEqualTo(Fault.TEMPORARY));
        Shell.works(Map.of(), "touch", "-d", "80 seconds ago", data + "/batch-ce/a1");
      }
    }
    assertThat(Files.readAllLines(data.resolve("calls"))).hasSize(1);
  }

  @Test
  void foldersOfPilotsThatEndedLongAgoAreRemoved() throws IOException {
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1"), pilot("b2")));
      Path ended = data.resolve("batch-ce/a1");
      Files.writeString(ended.resolve("exit"), "0 \n");
      Shell.works(Map.of(), "touch", "-d", "2 hours ago", ended + "/exit");
      now = now.plusSeconds(7 * 3600);
      state(element, "b2");
      assertThat(ended).doesNotExist();
      assertThat(data.resolve("batch-ce/b2")).isDirectory();
    }
  }

  @Test
  void pilotThatCannotBeCancelledIsTold() throws IOException {
    try (ComputingElement element = open()) {
      Pilots.submit(element, List.of(pilot("a1")));
      program(
          "scancel",
          "echo 'scancel: error: Kill job error on job id 4711: Access denied' >&2; exit 1");
      assertThat(element.cancel(List.of(new PilotReference("a1"))).values().iterator().next())
          .hasToString(
              "Failed[fault=TEMPORARY, reason=scancel: error: Kill job error on job id 4711: Access denied]");
    }
  }
}
