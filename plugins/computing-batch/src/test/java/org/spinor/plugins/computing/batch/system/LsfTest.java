package org.spinor.plugins.computing.batch.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

class LsfTest {
  /** bjobs -o of 10.1. */
  static final String BJOBS =
      """
      501|1|RUN|-|8*node07:8*node08|-|-
      501|2|PEND|-|-|-|New job is waiting for scheduling; | odd
      501|3|PSUSP|-|-|-|Job was suspended by the user while pending;
      501|4|DONE|-|node07|-|-
      501|5|EXIT|3|node07|-|-
      501|6|EXIT|143|node07|TERM_OWNER: job killed by owner|-
      501|7|EXIT|-|node07|TERM_RUNLIMIT: job killed after reaching LSF run time limit|-
      502|0|UNKWN|-|node09|-|-
      503|-|SSUSP|-|node09|-|-
      """;

  private final Lsf lsf = new Lsf();

  @Test
  void scriptIsReadFromTheStandardInput() {
    BatchCommand command = lsf.submit(Jobs.large());
    assertThat(command.arguments()).containsExactly("bsub", "--option=long");
    assertThat(command.input())
        .contains(
            "#BSUB -J sp1x[1-3]\n",
            "#BSUB -o /area/.batches/sp1x/out.%I\n",
            "#BSUB -n 8\n",
            "#BSUB -R \"span[hosts=1]\"\n",
            "#BSUB -R \"rusage[mem=16000MB/host]\"\n",
            "#BSUB -gpu \"num=2\"\n",
            "#BSUB -W 90\n")
        .endsWith("\"$LSB_JOBINDEX\" \"$LSB_JOBID[$LSB_JOBINDEX]\"\n");
    assertThat(lsf.script(Jobs.wholeNode())).contains("#BSUB -x\n").doesNotContain("-n ", "-q ");
  }

  @Test
  void numbersAreFound() {
    assertThat(lsf.submitted(Jobs.one(), "Job <501> is submitted to queue <long>.\n"))
        .containsExactly("501");
    assertThat(
            lsf.submitted(
                Jobs.array(2),
                "Note: the account is low\nJob <501> is submitted to default queue <normal>.\n"))
        .containsExactly("501[1]", "501[2]");
    assertThat(lsf.submitted(Jobs.one(), "Request aborted by esub. Job not submitted.\n"))
        .isEmpty();
  }

  @Test
  void bjobsIsRead() {
    Map<String, PilotReport> reports = lsf.statuses(BJOBS);
    assertThat(reports).hasSize(9);
    assertThat(Jobs.report(reports, "501[1]"))
        .isEqualTo(Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), "node07"));
    assertThat(Jobs.report(reports, "501[2]").state()).isEqualTo(PilotState.WAITING);
    assertThat(Jobs.report(reports, "501[3]").state()).isEqualTo(PilotState.HELD);
    assertThat(Jobs.report(reports, "501[4]").state()).isEqualTo(PilotState.DONE);
    assertThat(Jobs.report(reports, "501[5]").state()).isEqualTo(PilotState.FAILED);
    assertThat(Jobs.report(reports, "501[6]").state()).isEqualTo(PilotState.ABORTED);
    assertThat(Jobs.report(reports, "501[7]").reason()).startsWith("TERM_RUNLIMIT");
    assertThat(Jobs.report(reports, "502").state()).isEqualTo(PilotState.UNKNOWN);
    assertThat(Jobs.report(reports, "503").state()).isEqualTo(PilotState.HELD);
  }

  /** bqueues -w of 10.1. */
  @Test
  void queueIsCounted() {
    assertThat(
            lsf.queueState(
                "long",
                List.of(
                    """
                    QUEUE_NAME      PRIO STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN  SUSP  RSV PJOBS
                    long             30  Open:Active       -    -    -    -    24    20     4     0    0     3
                    """)))
        .isEqualTo(new QueueInfo(OptionalInt.of(20), OptionalInt.of(4), OptionalInt.empty()));
  }

  @Test
  void complaintsAreUnderstood() {
    assertThat(lsf.complaints().onlyGone("Job <99> is not found\n")).isTrue();
    assertThat(lsf.complaints().onlyGone("Job <99>: Job has already finished\n")).isTrue();
    assertThat(lsf.complaints().fault("lnog: No such queue. Job not submitted."))
        .isEqualTo(Fault.PLATFORM);
    assertThat(lsf.complaints().fault("LSF is down. Please wait ...")).isEqualTo(Fault.TEMPORARY);
  }
}
