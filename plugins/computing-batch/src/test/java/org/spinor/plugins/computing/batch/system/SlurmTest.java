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

class SlurmTest {
  private final Slurm slurm = new Slurm();

  @Test
  void scriptOfAnArrayAsksForWhatThePilotsNeed() {
    assertThat(slurm.script(Jobs.large()))
        .startsWith("#!/bin/sh\n#SBATCH --job-name=sp1x\n")
        .contains(
            "#SBATCH --output=/area/.batches/sp1x/out.%a\n",
            "#SBATCH --no-requeue\n",
            "#SBATCH --array=1-3\n",
            "#SBATCH --partition=long\n",
            "#SBATCH --account=physics\n",
            "#SBATCH --cpus-per-task=8\n",
            "#SBATCH --mem=16000M\n",
            "#SBATCH --gres=gpu:2\n",
            "#SBATCH --time=90\n",
            "#SBATCH --extra=8x16000\n#RAW sp1x\nmodule load java\n")
        .endsWith(
            "exec sh '/area/.tools/run.sh' '/area' '/area/.batches/sp1x' \"$SLURM_ARRAY_TASK_ID\""
                + " \"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\"\n");
  }

  @Test
  void scriptOfOnePilotIsNoArrayAndWholeNodesAreExclusive() {
    assertThat(slurm.script(Jobs.one())).doesNotContain("--array", "--mem", "--time", "--gres");
    assertThat(slurm.script(Jobs.wholeNode()))
        .contains("--exclusive\n#SBATCH --mem=0\n")
        .doesNotContain("--cpus-per-task", "--partition");
  }

  @Test
  void submitArgumentsAreAList() {
    assertThat(slurm.submit(Jobs.large()).arguments())
        .containsExactly("sbatch", "--parsable", "--option=long", "/area/.batches/sp1x/job");
  }

  @Test
  void numbersAreFoundBehindBannersAndWithClusters() {
    assertThat(slurm.submitted(Jobs.one(), "4711\n")).containsExactly("4711");
    // with --clusters or in a federation
    assertThat(slurm.submitted(Jobs.one(), "4711;north\n")).containsExactly("4711");
    assertThat(slurm.submitted(Jobs.array(2), "Welcome to north!\n4711\n"))
        .containsExactly("4711_1", "4711_2");
    assertThat(slurm.submitted(Jobs.one(), "4711")).as("cut off").isEmpty();
    assertThat(slurm.submitted(Jobs.one(), "Submitted batch\n")).isEmpty();
  }

  /** squeue of 22.05: {@code --format=%i|%T|%B|%r}. */
  @Test
  void squeueTellsStatesReasonsAndHosts() {
    Map<String, PilotReport> reports =
        slurm.statuses(
            """
            4711_1|RUNNING|node07|None
            4711_2|PENDING|n/a|Priority
            4711_3|PENDING|n/a|JobHeldUser
            4711_4|COMPLETING|node07|None
            4711_5|COMPLETED|node08|None
            4711_6|FAILED|node08|NonZeroExitCode
            4711_7|CANCELLED|n/a|None
            4711_8|TIMEOUT|node09|TimeLimit
            4711_9|OUT_OF_MEMORY|node09|OutOfMemory
            4711_10|SUSPENDED|node09|None
            4712|NODE_FAIL|node10|None
            4713|PENDING|n/a|(Nodes required for job are DOWN, DRAINED or reserved|odd)
            """);
    assertThat(reports).hasSize(12);
    assertThat(Jobs.report(reports, "4711_1"))
        .isEqualTo(Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), "node07"));
    assertThat(Jobs.report(reports, "4711_2"))
        .isEqualTo(PilotReport.of(PilotState.WAITING, "Priority"));
    assertThat(states(reports))
        .containsEntry("4711_3", PilotState.HELD)
        .containsEntry("4711_4", PilotState.RUNNING)
        .containsEntry("4711_5", PilotState.DONE)
        .containsEntry("4711_6", PilotState.FAILED)
        .containsEntry("4711_7", PilotState.ABORTED)
        .containsEntry("4711_8", PilotState.ABORTED)
        .containsEntry("4711_9", PilotState.ABORTED)
        .containsEntry("4711_10", PilotState.HELD)
        .containsEntry("4712", PilotState.ABORTED)
        .containsEntry("4713", PilotState.WAITING);
  }

  @Test
  void whatNobodyKnowsIsUnknownAndNotEnded() {
    assertThat(Jobs.report(slurm.statuses("4711|POWERING_UP_SOMETHING|node07|None\n"), "4711"))
        .extracting(PilotReport::state)
        .isEqualTo(PilotState.UNKNOWN);
    assertThat(
            slurm.statuses("slurm_load_jobs error: x|y\n|RUNNING||\n4711_[3-9]|PENDING|n/a|None\n"))
        .isEmpty();
  }

  /** sacct of 20.11 and 23.02: {@code --parsable2}. */
  @Test
  void sacctTellsExitCodesAndWhoCancelled() {
    Map<String, PilotReport> reports =
        slurm.histories(
            """
            4711_1|COMPLETED|0:0|node07
            4711_2|FAILED|3:0|node07
            4711_3|CANCELLED by 1001|0:15|node08
            4711_4|TIMEOUT|0:0|node08
            4711_5|OUT_OF_ME+|0:125|node08
            4712|CANCELLED by 1001|0:0|None assigned
            """);
    assertThat(Jobs.report(reports, "4711_2").exitCode()).hasValue(3);
    assertThat(Jobs.report(reports, "4711_3"))
        .isEqualTo(
            Answers.report(PilotState.ABORTED, "CANCELLED by 1001", OptionalInt.of(143), "node08"));
    assertThat(states(reports))
        .containsEntry("4711_1", PilotState.DONE)
        .containsEntry("4711_4", PilotState.ABORTED)
        .containsEntry("4712", PilotState.ABORTED);
    assertThat(Jobs.report(reports, "4711_5").state())
        .as("a name cut off")
        .isEqualTo(PilotState.UNKNOWN);
  }

  @Test
  void allIsAskedInOneCommand() {
    assertThat(slurm.status(List.of("4711_1", "4711_2", "4712")))
        .singleElement()
        .satisfies(
            command ->
                assertThat(command.arguments())
                    .contains("--jobs=4711,4712", "--states=all", "--array"));
    assertThat(slurm.cancel(List.of("4711_1", "4712")))
        .containsExactly(BatchCommand.of("scancel", "4711_1", "4712"));
  }

  @Test
  void queueIsCounted() {
    QueueInfo info =
        slurm.queueState("long", List.of("PENDING\nPENDING\nRUNNING\nCOMPLETING\n", "5/3/0/8\n"));
    assertThat(info)
        .isEqualTo(new QueueInfo(OptionalInt.of(2), OptionalInt.of(1), OptionalInt.of(3)));
  }

  @Test
  void complaintsAreUnderstood() {
    Complaints complaints = slurm.complaints();
    assertThat(
            complaints.onlyGone(
                "scancel: error: Kill job error on job id 4711: Invalid job id specified\n"))
        .isTrue();
    assertThat(
            complaints.fault(
                "sbatch: error: invalid partition specified: lnog\nsbatch: error: Batch job"
                    + " submission failed: Invalid partition name specified\n"))
        .isEqualTo(Fault.PLATFORM);
    assertThat(
            complaints.fault(
                "squeue: error: slurm_receive_msg: Socket timed out on send/recv operation"))
        .isEqualTo(Fault.TEMPORARY);
    assertThat(
            complaints.fault(
                "sbatch: error: Batch job submission failed: Unable to contact slurm controller"
                    + " (connect failure)"))
        .isEqualTo(Fault.TEMPORARY);
  }

  @Test
  void jobIsFoundAgainByItsName() {
    assertThat(slurm.found(Jobs.array(2), "4711\n4711\n")).containsExactly("4711_1", "4711_2");
    assertThat(slurm.found(Jobs.one(), "")).isEmpty();
  }

  private static Map<String, PilotState> states(Map<String, PilotReport> reports) {
    return reports.entrySet().stream()
        .collect(
            java.util.stream.Collectors.toMap(
                Map.Entry::getKey, entry -> entry.getValue().state()));
  }
}
