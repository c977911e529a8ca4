package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.spinor.plugins.testbed.OarCluster;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** The contract, and what goes wrong at real sites, with a real OAR. */
class OarIT extends ComputingElementContract {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static @Nullable OarCluster started;

  @BeforeAll
  static void startOar() {
    started = new OarCluster();
  }

  @AfterAll
  static void stopOar() {
    if (started != null) {
      started.close();
    }
  }

  private static OarCluster oar() {
    return Objects.requireNonNull(started);
  }

  private static Path folder() {
    return oar().folder();
  }

  private static Starts starts() {
    return new Starts(folder().resolve("starts"));
  }

  private static ComputingElement open(String queue, Map<String, String> more) {
    return new BatchElements("OAR", folder(), Map.of("BatchFolder", oar().programs().toString()))
        .open(queue, more);
  }

  @Override
  protected Duration patience() {
    return PATIENCE;
  }

  @Override
  protected ComputingElement open() {
    return open("default", Map.of());
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
  void bulkSurvivesARestartOfTheServerAndNothingIsLostOrTwice() {
    try (ComputingElement element = open("default", Map.of("MaxArraySize", "5"))) {
      new AcrossARestart(element, starts(), folder())
          .run(
              10,
              oar()::stopServer,
              // Its database answers.
              pilots ->
                  assertThat(element.status(pilots).values())
                      .allMatch(report -> report.state() == PilotState.RUNNING),
              oar()::startServer);
    }
  }

  @Test
  void waitingAndRunningPilotsAreCancelledTogether() {
    Pilots pilots = new Pilots(starts());
    try (ComputingElement element = open()) {
      List<PilotSubmission> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(
            pilots.script(
                "while :; do sleep 1; done",
                new PilotSubmission.Size(10, 0, 0, 1, false, Duration.ofMinutes(10))));
      }
      List<PilotReference> references = Pilots.submit(element, all);
      // 10 of 16 cores each: one runs, the others wait.
      Shell.eventually(
          "a running one",
          PATIENCE,
          () ->
              element.status(references).values().stream()
                  .anyMatch(report -> report.state() == PilotState.RUNNING));
      assertThat(element.queueInfo().waiting()).hasValue(2);
      element.cancel(references);
      assertThat(Pilots.allEnded(element, references)).isEqualTo(Map.of(PilotState.ABORTED, 3));
    }
  }

  @Test
  void pilotThatIsKilledWithoutAWordIsAborted() {
    try (ComputingElement element = open()) {
      PilotReference pilot =
          Pilots.submit(element, List.of(new Pilots(starts()).script("kill -9 $PPID; sleep 5")))
              .getFirst();
      assertThat(Pilots.ended(element, pilot).state()).isEqualTo(PilotState.ABORTED);
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
