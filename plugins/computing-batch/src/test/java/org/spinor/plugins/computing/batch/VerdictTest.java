package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

class VerdictTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(60);

  private final Verdict verdict = new Verdict(true, Duration.ofSeconds(60));

  /** As area.sh writes it: job, run, started, cancelled, exit, host, lost. */
  private static Marks marks(String fields) {
    return Marks.parse("pilot|stamp|batch|1|" + fields).orElseThrow();
  }

  private static Optional<PilotReport> queue(PilotState state) {
    return Optional.of(PilotReport.of(state, "its word"));
  }

  @Test
  void lastWordOfThePilotCountsMoreThanTheQueue() {
    assertThat(verdict.of(marks("12|12|1||0|node7|"), queue(PilotState.RUNNING), NOON))
        .isEqualTo(
            new PilotReport(PilotState.DONE, "job 12", OptionalInt.of(0), Optional.of("node7")));
    assertThat(verdict.of(marks("12|12|1||3 |node7|"), Optional.empty(), NOON).state())
        .isEqualTo(PilotState.FAILED);
  }

  @Test
  void pilotThatWasEndedIsAborted() {
    assertThat(verdict.of(marks("12|12|1|1|143 TERM|n|"), Optional.empty(), NOON).reason())
        .isEqualTo("job 12: cancelled");
    assertThat(verdict.of(marks("12|12|1||143 TERM|n|"), Optional.empty(), NOON))
        .satisfies(
            report -> {
              assertThat(report.state()).isEqualTo(PilotState.ABORTED);
              assertThat(report.reason()).contains("TERM");
            });
    assertThat(verdict.of(marks("12|12|1||1|n|"), queue(PilotState.ABORTED), NOON))
        .satisfies(
            report -> {
              assertThat(report.state()).isEqualTo(PilotState.ABORTED);
              assertThat(report.reason()).contains("its word");
            });
  }

  @Test
  void whyAPilotWasKilledIsAwaitedForAWhile() {
    Marks killed = marks("12|12|1||143 TERM|n|");
    assertThat(killed.isExplained()).isFalse();
    assertThat(verdict.of(killed, queue(PilotState.RUNNING), NOON).state())
        .isEqualTo(PilotState.RUNNING);
    assertThat(verdict.of(killed, queue(PilotState.ABORTED), NOON.plusSeconds(1)).reason())
        .isEqualTo("job 12: its word");
    assertThat(verdict.of(killed, queue(PilotState.RUNNING), LATER).reason()).contains("TERM");
  }

  @Test
  void whatIsKnownOfAKilledPilotStays() {
    Marks killed = marks("12|12|1||143 TERM|n|ABORTED 143 job 12: TIMEOUT");
    assertThat(killed.isExplained()).isTrue();
    assertThat(verdict.of(killed, Optional.empty(), NOON).reason()).isEqualTo("job 12: TIMEOUT");
    assertThat(marks("12|12|1||0|n|ABORTED 143 job 12: TIMEOUT"))
        .as("its own word came late")
        .extracting(late -> verdict.of(late, Optional.empty(), NOON).state())
        .isEqualTo(PilotState.DONE);
  }

  @Test
  void pilotThatEndsWellThoughItWasCancelledIsDone() {
    assertThat(verdict.of(marks("12|12|1|1|0|n|"), queue(PilotState.ABORTED), NOON).state())
        .isEqualTo(PilotState.DONE);
  }

  @Test
  void whatIsMissedIsBelievedInForAWhile() {
    Marks running = marks("12|12|1|||n|");
    assertThat(verdict.of(running, Optional.empty(), NOON).state()).isEqualTo(PilotState.RUNNING);
    assertThat(verdict.of(running, Optional.empty(), LATER.minusSeconds(1)).state())
        .isEqualTo(PilotState.RUNNING);
    assertThat(verdict.of(running, Optional.empty(), LATER).state()).isEqualTo(PilotState.ABORTED);
  }

  @Test
  void whatComesBackIsBelievedInAnew() {
    Marks running = marks("12|12|1|||n|");
    verdict.of(running, Optional.empty(), NOON);
    verdict.of(running, queue(PilotState.RUNNING), NOON.plusSeconds(30));
    assertThat(verdict.of(running, Optional.empty(), LATER).state()).isEqualTo(PilotState.RUNNING);
  }

  @Test
  void pilotThatNeverBeganAndIsNotInTheQueueIsUnknownAndNeverEnded() {
    Marks waiting = marks("12||||||");
    assertThat(verdict.of(waiting, Optional.empty(), NOON).state()).isEqualTo(PilotState.WAITING);
    assertThat(verdict.of(waiting, Optional.empty(), LATER).state()).isEqualTo(PilotState.UNKNOWN);
    assertThat(verdict.of(waiting, Optional.empty(), LATER.plusSeconds(100_000)).state())
        .isEqualTo(PilotState.UNKNOWN);
    assertThat(verdict.of(marks("||||||"), Optional.empty(), LATER).state())
        .isEqualTo(PilotState.UNKNOWN);
  }

  @Test
  void jobThatEndedAndLeftNothingSaysWhatMayBeWrong() {
    Marks nothing = marks("12||||||");
    assertThat(verdict.of(nothing, queue(PilotState.DONE), NOON).state())
        .isEqualTo(PilotState.RUNNING);
    assertThat(verdict.of(nothing, queue(PilotState.DONE), LATER))
        .satisfies(
            report -> {
              assertThat(report.state()).isEqualTo(PilotState.FAILED);
              assertThat(report.reason()).contains("SharedArea");
            });
  }

  @Test
  void withoutSharedFilesTheBatchSystemAloneSays() {
    Verdict condor = new Verdict(false, Duration.ofSeconds(60));
    assertThat(condor.of(marks("7.0||||||"), queue(PilotState.DONE), NOON).state())
        .isEqualTo(PilotState.DONE);
    assertThat(condor.of(marks("7.0|||1|||"), queue(PilotState.FAILED), NOON).state())
        .isEqualTo(PilotState.ABORTED);
  }

  @Test
  void whatWasFoundOutOnceStays() {
    PilotReport report =
        new PilotReport(
            PilotState.ABORTED, "TIMEOUT |\n odd", OptionalInt.of(143), Optional.empty());
    Marks lost = marks("12|12|1|||n|" + Marks.written(report));
    assertThat(lost.isOver()).isTrue();
    assertThat(verdict.of(lost, Optional.empty(), NOON))
        .isEqualTo(
            new PilotReport(
                PilotState.ABORTED, "TIMEOUT | odd", OptionalInt.of(143), Optional.empty()));
  }

  @Test
  void jobThatRunsThePilotCountsMoreThanTheOneThatWasSubmitted() {
    assertThat(marks("12|15|1|||n|").id()).isEqualTo("15");
    assertThat(marks("12||||||").id()).isEqualTo("12");
  }

  @Test
  void linesOfLoginScriptsAreNoPilots() {
    assertThat(Marks.parse("Welcome | to | the | cluster")).isEmpty();
    assertThat(Marks.parse("pilot|stamp|batch")).isEmpty();
    assertThat(marks("12|12|1||rubbish|n|DANCING 1 x").isOver()).isFalse();
  }
}
