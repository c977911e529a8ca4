package org.spinor.plugins.computing.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.Arex;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.SlurmCluster;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Credentials;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;

/** A real A-REX in front of a real Slurm, which both are stopped and started. */
class ArcSlurmIT {
  private static @Nullable SlurmCluster slurm;
  private static @Nullable Arex arex;

  @BeforeAll
  static void startBoth() {
    slurm = new SlurmCluster();
    arex = new Arex("slurm", "long", slurm.environment());
  }

  @AfterAll
  static void stopBoth() {
    if (arex != null) {
      arex.close();
    }
    if (slurm != null) {
      slurm.close();
    }
  }

  private static Arex arex() {
    return Objects.requireNonNull(arex);
  }

  private static SlurmCluster slurm() {
    return Objects.requireNonNull(slurm);
  }

  private static Starts starts() {
    return new Starts(arex().scratch().resolve("starts"));
  }

  private static Pilots pilots() {
    return new Pilots(starts());
  }

  private static ComputingElement open(Map<String, String> more) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("Endpoint", arex().endpoint());
    parameters.put("CAPath", arex().authorities().toString());
    parameters.put("Authentication", "X509");
    parameters.put("CredentialFile", arex().certificate().toString());
    parameters.put("KeyFile", arex().key().toString());
    parameters.putAll(more);
    return new ArexPlugin()
        .create(
            new ComputingElementContext(
                "LCG.Arc.test",
                "localhost",
                "long",
                parameters,
                Credentials.none(),
                Path.of("/nonexistent"),
                Duration.ofSeconds(60),
                InstantSource.system()));
  }

  @Test
  void bulkSurvivesARestartOfArcAndNothingIsLostOrTwice() {
    try (ComputingElement element = open(Map.of())) {
      List<PilotSubmission> all = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        all.add(pilots().script("sleep 20; echo out $PILOT; exit " + (i == 3 ? 4 : 0)));
      }
      List<PilotReference> references = Pilots.submit(element, all);
      assertThat(references).doesNotHaveDuplicates().hasSize(10);
      // An A-REX that ends while it submits submits again, see docs/operator/sites/arc.md.
      Shell.eventually(
          "all are in Slurm",
          Duration.ofSeconds(120),
          () -> element.status(references).values().stream().allMatch(Reports::isInSlurm));
      arex().stop();
      assertThatThrownBy(() -> element.status(references)).isInstanceOf(TemporaryException.class);
      assertThatThrownBy(() -> element.submit(all)).isInstanceOf(TemporaryException.class);
      arex().start();
      assertThat(Pilots.submit(element, all)).as("once more").isEqualTo(references);
      assertThat(Pilots.allEnded(element, references))
          .isEqualTo(Map.of(PilotState.DONE, 9, PilotState.FAILED, 1));
      all.forEach(pilot -> assertThat(starts().of(pilot.stamp())).isEqualTo(1));
      assertThat(element.output(references.get(7), 1000).standardOutput())
          .isEqualTo("out " + all.get(7).stamp() + "\n");
      PilotReport failed = Pilots.report(element, references.get(3));
      assertThat(failed.exitCode()).hasValue(4);
      element.purge(references);
      Shell.eventually(
          "nothing is known any more",
          Duration.ofSeconds(60),
          () ->
              element.status(references).values().stream()
                  .allMatch(report -> report.state() == PilotState.UNKNOWN));
    }
  }

  @Test
  void largePilotsWaitRunAndAreCancelledTogether() {
    try (ComputingElement element = open(Map.of())) {
      List<PilotSubmission> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            pilots()
                .script(
                    "while :; do sleep 1; done",
                    new PilotSubmission.Size(12, 120, 0, 1, false, Duration.ofMinutes(20))));
      }
      List<PilotReference> references = Pilots.submit(element, all);
      // 12 of 16 cores each: one runs, the others wait.
      Shell.eventually(
          "one runs and others wait",
          Duration.ofSeconds(120),
          () -> {
            Map<PilotReference, PilotReport> reports = element.status(references);
            return reports.values().stream().anyMatch(Reports::runs)
                && reports.values().stream().anyMatch(Reports::waitsInSlurm);
          });
      assertThat(
              Shell.works(slurm().environment(), "squeue", "-h", "-o", "%C %l %m").lines().toList())
          .contains("12 20:00 10M");
      Shell.eventually(
          "ARC counts them",
          Duration.ofSeconds(60),
          () -> element.queueInfo().running().orElse(0) > 0);
      element.cancel(references);
      assertThat(Pilots.allEnded(element, references)).isEqualTo(Map.of(PilotState.ABORTED, 4));
      // A job that has ended is listed until its node is cleared.
      Shell.eventually(
          "an empty queue",
          Duration.ofMinutes(2),
          () -> Shell.works(slurm().environment(), "squeue", "-h").isBlank());
    }
  }

  /** What reports mean. */
  private static final class Reports {
    static boolean runs(PilotReport report) {
      return report.state() == PilotState.RUNNING;
    }

    static boolean isInSlurm(PilotReport report) {
      return runs(report) || waitsInSlurm(report) || report.state().isFinal();
    }

    static boolean waitsInSlurm(PilotReport report) {
      return report.state() == PilotState.WAITING && report.reason().equals("QUEUING");
    }
  }

  @Test
  void pilotThatSlurmEndsIsAborted() {
    try (ComputingElement element = open(Map.of())) {
      PilotReference pilot =
          Pilots.submit(element, List.of(pilots().script("while :; do sleep 1; done"))).getFirst();
      Pilots.await(element, pilot, PilotState.RUNNING);
      String job = Shell.works(slurm().environment(), "squeue", "-h", "-o", "%A").strip();
      Shell.works(slurm().environment(), "scancel", job);
      PilotReport report = Pilots.ended(element, pilot);
      assertThat(report.state()).as("%s", report).isEqualTo(PilotState.ABORTED);
    }
  }

  @Test
  void pilotThatSlurmDidNotTakeIsStartedAgainByArc() {
    PilotSubmission pilot = pilots().script("exit 0");
    try (ComputingElement element = open(Map.of("Restarts", "10"))) {
      slurm().stopController();
      PilotReference reference = Pilots.submit(element, List.of(pilot)).getFirst();
      Shell.eventually(
          "ARC gives up and begins anew",
          Duration.ofSeconds(120),
          () -> Pilots.report(element, reference).reason().startsWith("started again"));
      slurm().startController();
      assertThat(Pilots.ended(element, reference).state()).isEqualTo(PilotState.DONE);
      assertThat(starts().of(pilot.stamp())).isEqualTo(1);
    }
  }
}
