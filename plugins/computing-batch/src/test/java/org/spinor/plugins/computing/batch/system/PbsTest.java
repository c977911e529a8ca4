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

class PbsTest {
  /** qstat -f -x of OpenPBS 20.0 and PBS Pro 19.2. */
  static final String QSTAT =
      """
      Job Id: 1201[1].pbs01
          Job_Name = sp1x
          Job_Owner = pilot@login1
          job_state = R
          queue = long
          exec_host = node07/0*8+node08/0*8
          Variable_List = PBS_O_HOME=/home/pilot,PBS_O_LANG=C,
      \tPBS_O_PATH=/usr/bin,job_state = F
          comment = Job run at Sun Feb 11 at 11:02 on (node07:ncpus=8)

      Job Id: 1201[2].pbs01
          Job_Name = sp1x
          job_state = X
          Exit_status = 0

      Job Id: 1202.pbs01
          job_state = Q
          comment = Not Running: Insufficient amount of resource: ncpus (R: 64 A: 12
      \t T: 128)

      Job Id: 1203.pbs01
          job_state = F
          Exit_status = 3
          exec_host = node07/2

      Job Id: 1204.pbs01
          job_state = F
          comment = Job run at Sun Feb 11 at 11:02 on (node07:ncpus=1) and failed
          Exit_status = -29

      Job Id: 1205.pbs01
          job_state = F
          Exit_status = 271

      Job Id: 1206.pbs01
          job_state = H

      Job Id: 1207.pbs01
          job_state = F
          comment = Job deleted as result of dependency

      """;

  /** qstat -f -t of Torque 6.1. */
  static final String TORQUE_QSTAT =
      """
      Job Id: 88[1].torque.example.org
          Job_Name = sp1x-1
          job_state = C
          exec_host = node07/0
          exit_status = 0

      Job Id: 88[2].torque.example.org
          job_state = C
          exit_status = 143

      Job Id: 88[3].torque.example.org
          job_state = E
          exec_host = node07/0

      """;

  private final Pbs pro = new Pbs(Pbs.Flavour.PBS_PRO);
  private final Pbs torque = new Pbs(Pbs.Flavour.TORQUE);

  @Test
  void scriptsDifferInArraysAndResources() {
    assertThat(pro.script(Jobs.large()))
        .contains(
            "#PBS -J 1-3\n",
            "#PBS -l select=1:ncpus=8:mem=16000mb:ngpus=2\n",
            "#PBS -l walltime=01:30:00\n",
            "#PBS -A physics\n",
            "/out.^array_index^\n")
        .endsWith("\"$PBS_ARRAY_INDEX\" \"$PBS_JOBID\"\n");
    assertThat(torque.script(Jobs.large()))
        .contains("#PBS -t 1-3\n", "#PBS -l nodes=1:ppn=8:gpus=2\n", "#PBS -l mem=16000mb\n")
        .endsWith("\"$PBS_ARRAYID\" \"$PBS_JOBID\"\n");
    assertThat(pro.script(Jobs.wholeNode())).contains("#PBS -l place=excl\n");
  }

  @Test
  void numbersAreFound() {
    assertThat(pro.submitted(Jobs.one(), "1201.pbs01\n")).containsExactly("1201.pbs01");
    assertThat(pro.submitted(Jobs.array(2), "1201[].pbs01\n"))
        .containsExactly("1201[1].pbs01", "1201[2].pbs01");
    assertThat(torque.submitted(Jobs.one(), "88.torque.example.org\n"))
        .containsExactly("88.torque.example.org");
    assertThat(pro.submitted(Jobs.one(), "qsub: Unknown queue\n")).isEmpty();
  }

  @Test
  void qstatOfPbsProIsRead() {
    Map<String, PilotReport> reports = pro.statuses(QSTAT);
    assertThat(Jobs.report(reports, "1201[1].pbs01"))
        .isEqualTo(Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), "node07"));
    assertThat(Jobs.report(reports, "1201[2].pbs01").state()).isEqualTo(PilotState.DONE);
    assertThat(Jobs.report(reports, "1202.pbs01").reason()).endsWith("A: 12T: 128)");
    assertThat(Jobs.report(reports, "1203.pbs01").exitCode()).hasValue(3);
    assertThat(Jobs.report(reports, "1203.pbs01").state()).isEqualTo(PilotState.FAILED);
    assertThat(Jobs.report(reports, "1204.pbs01").state()).isEqualTo(PilotState.ABORTED);
    assertThat(Jobs.report(reports, "1205.pbs01").exitCode()).hasValue(143);
    assertThat(Jobs.report(reports, "1205.pbs01").state()).isEqualTo(PilotState.ABORTED);
    assertThat(Jobs.report(reports, "1206.pbs01").state()).isEqualTo(PilotState.HELD);
    assertThat(Jobs.report(reports, "1207.pbs01").state()).isEqualTo(PilotState.ABORTED);
  }

  @Test
  void qstatOfTorqueIsRead() {
    Map<String, PilotReport> reports = torque.statuses(TORQUE_QSTAT);
    assertThat(Jobs.report(reports, "88[1].torque.example.org").state()).isEqualTo(PilotState.DONE);
    assertThat(Jobs.report(reports, "88[2].torque.example.org").state())
        .isEqualTo(PilotState.ABORTED);
    assertThat(Jobs.report(reports, "88[3].torque.example.org").state())
        .isEqualTo(PilotState.RUNNING);
  }

  @Test
  void limitThatWasExceededIsTold() {
    String record = "Job Id: 9.pbs01\n    job_state = F\n    Exit_status = %d\n\n";
    assertThat(Jobs.report(pro.statuses(record.formatted(-27)), "9.pbs01"))
        .isEqualTo(
            PilotReport.of(PilotState.ABORTED, "PBS ended it with code -27, beyond its memory"));
    assertThat(Jobs.report(torque.statuses(record.formatted(-10)), "9.pbs01").reason())
        .endsWith("beyond its memory");
    assertThat(Jobs.report(pro.statuses(record.formatted(-10)), "9.pbs01").reason())
        .isEqualTo("PBS ended it with code -10");
  }

  @Test
  void bothAreAskedInTheirWay() {
    assertThat(pro.status(List.of("1.a", "2[1].a")))
        .containsExactly(BatchCommand.of("qstat", "-f", "-x", "1.a", "2[1].a"));
    assertThat(torque.status(List.of("1.a")))
        .containsExactly(BatchCommand.of("qstat", "-f", "-t", "1.a"));
  }

  /** qstat -Q of both. */
  @Test
  void queueIsCounted() {
    assertThat(
            pro.queueState(
                "long",
                List.of(
                    """
                    Queue              Max   Tot Ena Str   Que   Run   Hld   Wat   Trn   Ext Type
                    ---------------- ----- ----- --- --- ----- ----- ----- ----- ----- ----- ----
                    long                 0    12 yes yes     7     5     0     0     0     0 Exec
                    """)))
        .isEqualTo(new QueueInfo(OptionalInt.of(7), OptionalInt.of(5), OptionalInt.empty()));
  }

  @Test
  void complaintsAreUnderstood() {
    assertThat(pro.complaints().onlyGone("qstat: Unknown Job Id 99.pbs01\n")).isTrue();
    assertThat(pro.complaints().onlyGone("qdel: Job has finished 99.pbs01\n")).isTrue();
    assertThat(pro.complaints().fault("qsub: Unknown queue")).isEqualTo(Fault.PLATFORM);
    assertThat(pro.complaints().fault("Connection refused\nqstat: cannot connect to server pbs01"))
        .isEqualTo(Fault.TEMPORARY);
  }

  @Test
  void arraysAreFoundAgainByTheirName() {
    assertThat(pro.found(Jobs.array(2), "1201[].pbs01\n"))
        .containsExactly("1201[1].pbs01", "1201[2].pbs01");
    assertThat(torque.found(Jobs.array(2), "88[1].t\n88[2].t\n"))
        .containsExactly("88[1].t", "88[2].t");
  }
}
