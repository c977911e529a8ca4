package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.GridEngineCluster;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/** A real Grid Engine. */
class GridEngineIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static @Nullable GridEngineCluster started;

  @BeforeAll
  static void startGridEngine() {
    started = new GridEngineCluster();
  }

  @AfterAll
  static void stopGridEngine() {
    if (started != null) {
      started.close();
    }
  }

  private static GridEngineCluster engine() {
    return Objects.requireNonNull(started);
  }

  private static Starts starts() {
    return new Starts(engine().folder().resolve("starts"));
  }

  private static ComputingElement open(String queue, Map<String, String> more) {
    return new BatchElements(
            "GridEngine",
            engine().folder(),
            Map.of("BatchEnvironment", engine().batchEnvironment()))
        .open(queue, more);
  }

  @Test
  void bulkSurvivesARestartOfTheMasterAndNothingIsLostOrTwice() {
    try (ComputingElement element = open("long", Map.of("MaxArraySize", "15"))) {
      AcrossARestart pilots = new AcrossARestart(element, starts(), engine().folder());
      pilots.run(30, engine()::stopMaster, pilots::isSilent, engine()::startMaster);
    }
  }

  @Test
  void waitingAndRunningPilotsAreCancelledTogether() {
    Pilots pilots = new Pilots(starts());
    try (ComputingElement element = open("long", Map.of())) {
      List<PilotSubmission> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(
            pilots.script(
                "while :; do sleep 1; done",
                new PilotSubmission.Size(10, 0, 0, 1, false, Duration.ZERO)));
      }
      List<PilotReference> references = Pilots.submit(element, all);
      // 10 of 16 slots each: one runs, the others wait.
      Shell.eventually(
          "a running one",
          PATIENCE,
          () ->
              element.status(references).values().stream()
                  .anyMatch(report -> report.state() == PilotState.RUNNING));
      assertThat(element.queueInfo().running()).hasValue(10);
      element.cancel(references);
      assertThat(Pilots.allEnded(element, references)).isEqualTo(Map.of(PilotState.ABORTED, 3));
    }
  }

  @Test
  void heldPilotIsHeld() {
    Pilots pilots = new Pilots(starts());
    try (ComputingElement element = open("long", Map.of("Directives", "-h"))) {
      PilotReference pilot = Pilots.submit(element, List.of(pilots.script("exit 0"))).getFirst();
      Pilots.await(element, pilot, PilotState.HELD);
      element.cancel(List.of(pilot));
      assertThat(Pilots.ended(element, pilot).state()).isEqualTo(PilotState.ABORTED);
      assertThat(starts().of(pilot.value())).isZero();
    }
  }

  @Test
  void pilotThatIsKilledWithoutAWordIsAborted() {
    try (ComputingElement element = open("long", Map.of())) {
      PilotReference pilot =
          Pilots.submit(element, List.of(new Pilots(starts()).script("kill -9 $PPID; sleep 5")))
              .getFirst();
      assertThat(Pilots.ended(element, pilot).state()).isEqualTo(PilotState.ABORTED);
    }
  }

  @Test
  void pilotBeyondItsMemoryIsAbortedByTheSystem() {
    try (ComputingElement element = open("long", Map.of())) {
      // Grid Engine counts them together; each alone is small enough for the limit on processes.
      PilotSubmission greedy =
          new Pilots(starts())
              .script(
                  "for i in 1 2 3; do { head -c 120000000 /dev/zero; sleep 60; } | tail & done; wait",
                  new PilotSubmission.Size(1, 200, 0, 1, false, Duration.ZERO));
      PilotReference pilot = Pilots.submit(element, List.of(greedy)).getFirst();
      PilotReport report = Pilots.ended(element, pilot);
      assertThat(report.state()).as("%s", report).isEqualTo(PilotState.ABORTED);
      assertThat(report.reason()).contains("h_vmem limit", "beyond its memory");
    }
  }

  @Test
  void queueThatThereIsNotIsTold() {
    try (ComputingElement element = open("lnog", Map.of())) {
      assertThat(element.submit(List.of(new Pilots(starts()).script("exit 0"))).getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> {
                assertThat(refused.fault()).isEqualTo(Fault.PLATFORM);
                assertThat(refused.reason()).contains("queue");
              });
    }
  }
}
