package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.SlurmCluster;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** The contract, and what goes wrong at real sites, with a real Slurm. */
class SlurmIT extends ComputingElementContract {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static @Nullable SlurmCluster started;
  private static @Nullable PilotReference overtime;

  @BeforeAll
  static void startSlurm() {
    started = new SlurmCluster();
    // Its time is over in a minute: the other tests run in the meantime.
    try (ComputingElement element = open("short", Map.of())) {
      overtime =
          Pilots.submit(element, List.of(pilots().script("while :; do sleep 1; done"))).getFirst();
    }
  }

  @AfterAll
  static void stopSlurm() {
    if (started != null) {
      started.close();
    }
  }

  private static SlurmCluster slurm() {
    return Objects.requireNonNull(started);
  }

  private static Path area() {
    return slurm().folder().resolve("area");
  }

  private static Starts starts() {
    return new Starts(slurm().folder().resolve("starts"));
  }

  private static Pilots pilots() {
    return new Pilots(starts());
  }

  private static ComputingElement open(String queue, Map<String, String> more) {
    return new BatchElements(
            "Slurm",
            slurm().folder(),
            Map.of("BatchEnvironment", "SLURM_CONF=" + slurm().configurationFile()))
        .open(queue, more);
  }

  @Override
  protected Duration patience() {
    return PATIENCE;
  }

  @Override
  protected ComputingElement open() {
    return open("long", Map.of());
  }

  @Override
  protected int startsOf(String stamp) {
    return starts().of(stamp);
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    return starts().counted(super.submission(stamp, behaviour));
  }

  @Test
  void bulkSurvivesARestartOfTheControllerAndNothingIsLostOrTwice() {
    try (ComputingElement element = open("long", Map.of("MaxArraySize", "12"))) {
      AcrossARestart pilots = new AcrossARestart(element, starts(), slurm().folder());
      List<PilotReference> references =
          pilots.run(30, slurm()::stopController, pilots::isSilent, slurm()::startController);
      element.purge(references);
      assertThat(element.status(references).values())
          .allMatch(report -> report.state() == PilotState.UNKNOWN);
      assertThat(area().resolve(references.getFirst().value())).doesNotExist();
    }
  }

  @Test
  void waitingAndRunningPilotsAreCancelledTogether() {
    try (ComputingElement element = open()) {
      List<PilotSubmission> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            pilots()
                .script(
                    "while :; do sleep 1; done",
                    new PilotSubmission.Size(12, 0, 0, 1, false, Duration.ZERO)));
      }
      List<PilotReference> references = Pilots.submit(element, all);
      // 12 of 16 cores each: one runs, the others wait.
      Shell.eventually(
          "a running one",
          PATIENCE,
          () ->
              element.status(references).values().stream()
                  .anyMatch(report -> report.state() == PilotState.RUNNING));
      assertThat(element.status(references).values())
          .anyMatch(report -> report.state() == PilotState.WAITING);
      element.cancel(references);
      assertThat(Pilots.allEnded(element, references)).isEqualTo(Map.of(PilotState.ABORTED, 4));
    }
  }

  @Test
  void pilotBeyondItsTimeIsAbortedByTheSystem() {
    try (ComputingElement element = open("short", Map.of())) {
      PilotReference pilot = Objects.requireNonNull(overtime);
      Shell.eventually(
          "the end of its time", PATIENCE, () -> Pilots.report(element, pilot).state().isFinal());
      PilotReport report = Pilots.report(element, pilot);
      assertThat(report.state()).as("%s", report).isEqualTo(PilotState.ABORTED);
      assertThat(report.reason()).contains("TIMEOUT", "DUE TO TIME LIMIT");
    }
  }

  @Test
  void pilotBeyondItsMemoryIsAbortedByTheSystem() {
    try (ComputingElement element = open()) {
      PilotReference pilot =
          Pilots.submit(
                  element,
                  List.of(
                      pilots()
                          .script(
                              "{ head -c 500000000 /dev/zero; sleep 60; } | tail",
                              new PilotSubmission.Size(1, 200, 0, 1, false, Duration.ZERO))))
              .getFirst();
      PilotReport report = Pilots.ended(element, pilot);
      assertThat(report.state()).as("%s", report).isEqualTo(PilotState.ABORTED);
      assertThat(report.reason()).contains("exceeded memory limit");
      assertThat(Pilots.report(element, pilot)).as("asked again").isEqualTo(report);
    }
  }

  @Test
  void pilotThatIsKilledWithoutAWordIsAborted() {
    try (ComputingElement element = open()) {
      PilotReference pilot =
          Pilots.submit(element, List.of(pilots().script("kill -9 $PPID; sleep 5"))).getFirst();
      PilotReport report = Pilots.ended(element, pilot);
      assertThat(report.state()).as("%s", report).isEqualTo(PilotState.ABORTED);
    }
  }

  @Test
  void heldPilotIsHeldUntilItIsReleased() {
    try (ComputingElement element = open("long", Map.of("Directives", "--hold"))) {
      PilotReference pilot = Pilots.submit(element, List.of(pilots().script("exit 0"))).getFirst();
      Pilots.await(element, pilot, PilotState.HELD);
      String reason = Pilots.report(element, pilot).reason();
      assertThat(reason).contains("JobHeldUser");
      String job = reason.replaceAll("job (\\d+).*", "$1");
      Shell.works(slurm().environment(), "scontrol", "release", job);
      assertThat(Pilots.ended(element, pilot).state()).isEqualTo(PilotState.DONE);
    }
  }

  @Test
  void whatSlurmRefusesIsToldInItsWordsAndCanBeSentElsewhere() {
    PilotSubmission pilot = pilots().script("exit 0");
    try (ComputingElement element = open("lnog", Map.of())) {
      assertThat(element.submit(List.of(pilot)).getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> {
                assertThat(refused.fault()).isEqualTo(Fault.PLATFORM);
                assertThat(refused.reason()).contains("invalid partition");
              });
    }
    try (ComputingElement element = open("short", Map.of("WallTimeMinutes", "30"))) {
      assertThat(element.submit(List.of(pilot)).getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> assertThat(refused.reason()).containsIgnoringCase("time limit"));
    }
    try (ComputingElement element = open()) {
      Pilots.ended(element, Pilots.submit(element, List.of(pilot)).getFirst());
      assertThat(startsOf(pilot.stamp())).isEqualTo(1);
    }
  }

  @Test
  void submissionWhoseAnswerWasLostIsFoundAgain() throws IOException {
    Path programs = Files.createDirectories(slurm().folder().resolve("lossy"));
    for (String name : List.of("squeue", "scancel", "sinfo", "sacct")) {
      Files.createSymbolicLink(
          programs.resolve(name), Path.of(Shell.works(Map.of(), "which", name).strip()));
    }
    Path sbatch = programs.resolve("sbatch");
    Files.writeString(
        sbatch,
        """
        #!/bin/sh
        /usr/bin/sbatch "$@" >/dev/null
        echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2
        exit 1
        """);
    Shell.works(Map.of(), "chmod", "+x", sbatch.toString());
    try (ComputingElement element = open("long", Map.of("BatchFolder", programs.toString()))) {
      List<PilotSubmission> all =
          List.of(pilots().script("exit 0"), pilots().script("exit 0"), pilots().script("exit 0"));
      List<PilotReference> references = Pilots.submit(element, all);
      assertThat(Pilots.allEnded(element, references)).isEqualTo(Map.of(PilotState.DONE, 3));
      all.forEach(pilot -> assertThat(startsOf(pilot.stamp())).isEqualTo(1));
    }
  }

  @Test
  void submissionThatWasCutShortIsTakenUpLater() throws IOException {
    PilotSubmission pilot = pilots().script("exit 0");
    try (ComputingElement element = open()) {
      slurm().stopController();
      assertThat(element.submit(List.of(pilot)).getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> assertThat(refused.fault()).isEqualTo(Fault.TEMPORARY));
      slurm().startController();
      Path folder = area().resolve(pilot.stamp());
      assertThat(folder).isDirectory();
      Shell.works(Map.of(), "touch", "-d", "1 hour ago", folder.toString());
      PilotReference reference = Pilots.submit(element, List.of(pilot)).getFirst();
      assertThat(Pilots.ended(element, reference).state()).isEqualTo(PilotState.DONE);
      assertThat(startsOf(pilot.stamp())).isEqualTo(1);
    }
  }

  @Test
  void queueTellsHowFullItIs() {
    try (ComputingElement element = open()) {
      assertThat(element.queueInfo().waiting()).isPresent();
      assertThat(element.queueInfo().freeSlots()).isPresent();
    }
  }
}
