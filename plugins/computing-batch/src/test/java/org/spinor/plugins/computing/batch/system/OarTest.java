package org.spinor.plugins.computing.batch.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

class OarTest {
  /** oarstat -f of 2.5.4 ("Job_Id") and 2.5.9 ("id"). */
  static final String OARSTAT =
      """
      Job_Id: 301
          name = sp1x
          owner = pilot
          state = Running
          assigned_hostnames = node07+node08
          queue = default

      id: 302
          name = sp1x
          state = Waiting
          message = R=1,W=1:0:0,J=B (Karma=0.000)
          queue = default

      id: 303
          state = Terminated
          queue = default
          exit_code = 0 (0,0,0)

      id: 304
          state = Terminated
          exit_code = 768 (3,0,0)

      id: 305
          state = Terminated
          exit_code = 9

      id: 306
          state = Error
          message = Cannot allocate
      id: 307
          state = Hold

      id: 308
          state = Terminated
      """;

  private final Oar oar = new Oar();

  @Test
  void scriptAsksForWhatThePilotsNeed() {
    assertThat(oar.script(Jobs.large()))
        .contains(
            "#OAR -l /nodes=1/core=8,walltime=01:30:00\n",
            "#OAR --array 3\n",
            "#OAR --project physics\n",
            "#OAR -O /area/.batches/sp1x/out.%jobid%\n")
        .endsWith("\"$OAR_ARRAY_INDEX\" \"$OAR_JOB_ID\"\n");
    assertThat(oar.submit(Jobs.one()).arguments())
        .containsExactly("oarsub", "-S", "/area/.batches/sp1x/job");
  }

  @Test
  void eachJobOfAnArrayHasItsNumber() {
    String answer =
        """
        [ADMISSION RULE] Set default walltime to 7200.
        [ADMISSION RULE] Modify resource description with type constraints
        Simple array job submission is used
        OAR_JOB_ID=301
        OAR_JOB_ID=302
        OAR_ARRAY_ID=301
        """;
    assertThat(oar.submitted(Jobs.array(2), answer)).containsExactly("301", "302");
    assertThat(oar.submitted(Jobs.array(3), answer)).as("not all").isEmpty();
  }

  @Test
  void oarstatIsRead() {
    Map<String, PilotReport> reports = oar.statuses(OARSTAT);
    assertThat(reports).hasSize(8);
    assertThat(Jobs.report(reports, "301"))
        .isEqualTo(Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), "node07"));
    assertThat(Jobs.report(reports, "302").state()).isEqualTo(PilotState.WAITING);
    assertThat(Jobs.report(reports, "303").state()).isEqualTo(PilotState.DONE);
    assertThat(Jobs.report(reports, "304").exitCode()).hasValue(3);
    assertThat(Jobs.report(reports, "305").exitCode()).hasValue(137);
    assertThat(Jobs.report(reports, "305").state()).isEqualTo(PilotState.ABORTED);
    assertThat(Jobs.report(reports, "306").state()).isEqualTo(PilotState.ABORTED);
    assertThat(Jobs.report(reports, "307").state()).isEqualTo(PilotState.HELD);
    assertThat(Jobs.report(reports, "308").state()).isEqualTo(PilotState.UNKNOWN);
  }

  @Test
  void queueIsCounted() {
    assertThat(oar.queueState("default", List.of(OARSTAT)))
        .isEqualTo(new QueueInfo(OptionalInt.of(1), OptionalInt.of(1), OptionalInt.empty()));
    assertThat(oar.queueState("night", List.of(OARSTAT)))
        .isEqualTo(new QueueInfo(OptionalInt.of(0), OptionalInt.of(0), OptionalInt.empty()));
  }
}
