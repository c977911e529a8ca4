package org.spinor.plugins.computing.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spinor.plugins.computing.arc.rest.ArcState.ACCEPTED;
import static org.spinor.plugins.computing.arc.rest.ArcState.EXITINGLRMS;
import static org.spinor.plugins.computing.arc.rest.ArcState.FAILED;
import static org.spinor.plugins.computing.arc.rest.ArcState.FINISHED;
import static org.spinor.plugins.computing.arc.rest.ArcState.HELD;
import static org.spinor.plugins.computing.arc.rest.ArcState.KILLED;
import static org.spinor.plugins.computing.arc.rest.ArcState.QUEUING;
import static org.spinor.plugins.computing.arc.rest.ArcState.RUNNING;
import static org.spinor.plugins.computing.arc.rest.ArcState.SUBMITTING;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.computing.arc.rest.ArcState;
import org.spinor.plugins.computing.arc.rest.JobItem;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

class FollowingTest {
  private static Following.Found merged(@Nullable ArcState told, @Nullable ArcState fresh) {
    JobItem item =
        new JobItem(
            200,
            "OK",
            "a",
            Optional.ofNullable(told),
            new JobItem.Facts("", "", "", ""),
            List.of());
    return Following.merged(Optional.of(item), Optional.ofNullable(fresh));
  }

  @Test
  void freshStateWinsAndDetailsOfTheBatchSystemComeFromTheOlderOne() {
    assertThat(merged(ACCEPTED, SUBMITTING).state()).contains(SUBMITTING);
    assertThat(merged(RUNNING, FINISHED).state()).contains(FINISHED);
    assertThat(merged(QUEUING, RUNNING).state()).contains(QUEUING);
    assertThat(merged(HELD, RUNNING).state()).contains(HELD);
    assertThat(merged(EXITINGLRMS, RUNNING).state()).contains(EXITINGLRMS);
    assertThat(merged(KILLED, FAILED).state()).contains(FAILED);
  }

  @Test
  void whatJustCameIntoTheBatchSystemIsNotSaidToRun() {
    assertThat(merged(ACCEPTED, RUNNING).state()).contains(QUEUING);
    assertThat(merged(FAILED, RUNNING).state()).as("started again").contains(QUEUING);
    assertThat(merged(null, RUNNING).state()).contains(QUEUING);
  }

  @Test
  void withoutAFreshStateTheOlderOneHolds() {
    assertThat(merged(RUNNING, null).state()).contains(RUNNING);
    assertThat(merged(null, null).state()).isEmpty();
    assertThat(merged(null, null).words()).isNotBlank();
    assertThat(Following.merged(Optional.empty(), Optional.empty()).state()).isEmpty();
    JobItem gone =
        new JobItem(
            404,
            "Job not found",
            "a",
            Optional.empty(),
            new JobItem.Facts("", "", "", ""),
            List.of());
    assertThat(Following.merged(Optional.of(gone), Optional.empty()))
        .isEqualTo(new Following.Found(Optional.empty(), "Job not found"));
  }

  private static PilotReport failure(String words) {
    return new Following.Failure(words, 0).report(Optional.empty());
  }

  @Test
  void failuresAreThePilotsOwnOrSomebodyElses() {
    for (String words :
        List.of(
            "Job finished with wrong exit code - 3 != 0",
            "Job failed with exit code 3.",
            "Executable finished with exit code 3",
            "Job failed",
            "Job failed; Job failed in LRMS")) {
      PilotReport own = failure("LRMS error: (3) " + words);
      assertThat(own.state()).as(words).isEqualTo(PilotState.FAILED);
      assertThat(own.exitCode()).as(words).hasValue(3);
    }
    PilotReport signal = failure("LRMS error: (271) Job finished with wrong exit code - 271 != 0");
    assertThat(signal.state()).isEqualTo(PilotState.ABORTED);
    assertThat(signal.exitCode()).hasValue(143);
    for (String words :
        List.of(
            "Job is canceled by external request",
            "LRMS error: (-1) Job missing from SLURM",
            "LRMS error: (15) Job was cancelled",
            "LRMS error: (1) Node fail",
            "LRMS error: (255) Job failed with unknown exit code",
            "LRMS error: (271) job killed: wall",
            "Failed in files upload",
            "failed (in SUBMIT)")) {
      assertThat(failure(words))
          .isEqualTo(
              new PilotReport(PilotState.ABORTED, words, OptionalInt.empty(), Optional.empty()));
    }
  }
}
