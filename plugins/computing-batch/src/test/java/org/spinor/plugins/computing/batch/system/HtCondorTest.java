package org.spinor.plugins.computing.batch.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

class HtCondorTest {
  /** condor_q and condor_history -long -attributes of 9.0 and 23.0. */
  static final String ADS =
      """
      ClusterId = 77
      JobStatus = 2
      ProcId = 0
      RemoteHost = "slot1_3@node07.example.org"

      ClusterId = 77
      JobStatus = 1
      ProcId = 1

      ClusterId = 77
      HoldReason = "Error from slot1@node07: Failed to execute \\"run.sh\\" = bad"
      JobStatus = 5
      ProcId = 2

      ClusterId = 77
      ExitBySignal = false
      ExitCode = 0
      JobStatus = 4
      LastRemoteHost = "slot1_1@node08"
      ProcId = 3

      ClusterId = 77
      ExitBySignal = false
      ExitCode = 3
      JobStatus = 4
      ProcId = 4

      ClusterId = 77
      ExitBySignal = true
      ExitSignal = 9
      JobStatus = 4
      ProcId = 5

      ClusterId = 77
      JobStatus = 3
      ProcId = 6
      RemoveReason = "via condor_rm (by user pilot)"

      ClusterId = 77
      JobStatus = 4
      ProcId = 7

      """;

  private final HtCondor condor = new HtCondor(Optional.empty());
  private final BatchSystem remote =
      BatchSystems.htCondorCe("ce.example.org", "ce.example.org:9619");

  @Test
  void descriptionTransfersEachPilotsFiles() {
    assertThat(condor.script(Jobs.large()))
        .contains(
            "executable = /area/.tools/run.sh\n",
            "initialdir = /area/$(stamp)\n",
            "transfer_input_files = work/, environment\n",
            "request_cpus = 8\n",
            "request_memory = 16000\n",
            "request_gpus = 2\n",
            "accounting_group = physics\n",
            "allowed_execute_duration = 5400\n",
            "--extra=8x16000\n")
        .endsWith("queue stamp from /area/.batches/sp1x/list\n");
  }

  @Test
  void numbersAreFound() {
    assertThat(condor.submitted(Jobs.array(3), "77.0 - 77.2\n"))
        .containsExactly("77.0", "77.1", "77.2");
    assertThat(condor.submitted(Jobs.one(), "77.0 - 77.0\n")).containsExactly("77.0");
    assertThat(condor.submitted(Jobs.array(3), "77.0 - 77.1\n")).as("not all").isEmpty();
  }

  @Test
  void adsAreRead() {
    Map<String, PilotReport> reports = condor.statuses(ADS);
    assertThat(reports).hasSize(8);
    assertThat(Jobs.report(reports, "77.0"))
        .isEqualTo(
            Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), "node07.example.org"));
    assertThat(Jobs.report(reports, "77.1").state()).isEqualTo(PilotState.WAITING);
    assertThat(Jobs.report(reports, "77.2").reason())
        .contains("Failed to execute \"run.sh\" = bad");
    assertThat(Jobs.report(reports, "77.3").state()).isEqualTo(PilotState.DONE);
    assertThat(Jobs.report(reports, "77.4").exitCode()).hasValue(3);
    assertThat(Jobs.report(reports, "77.5"))
        .isEqualTo(
            Answers.report(PilotState.ABORTED, "ended by signal 9", OptionalInt.of(137), ""));
    assertThat(Jobs.report(reports, "77.6").state()).isEqualTo(PilotState.ABORTED);
    assertThat(Jobs.report(reports, "77.7").state()).isEqualTo(PilotState.UNKNOWN);
  }

  @Test
  void jobsAreAskedForByTheirCluster() {
    assertThat(condor.status(List.of("77.0", "77.1", "78.0")).getFirst().arguments())
        .endsWith("77", "78");
    assertThat(condor.history(List.of("77.0", "78.0")).getFirst().arguments())
        .endsWith("77.0", "78.0")
        .contains("2");
  }

  /** condor_q -totals of 8.8 and 23.0. */
  @Test
  void queueIsCounted() {
    QueueInfo expected = new QueueInfo(OptionalInt.of(40), OptionalInt.of(12), OptionalInt.empty());
    assertThat(
            condor.queueState(
                "",
                List.of(
                    """
                    -- Schedd: ce.example.org : <192.0.2.7:9618?...
                    Total for query: 52 jobs; 0 completed, 0 removed, 40 idle, 12 running, 0 held, 0 suspended
                    Total for all users: 52 jobs; 0 completed, 0 removed, 40 idle, 12 running, 0 held, 0 suspended
                    """)))
        .isEqualTo(expected);
  }

  @Test
  void complaintsAreUnderstood() {
    assertThat(condor.complaints().onlyGone("Job 99.0 not found\n")).isTrue();
    assertThat(condor.complaints().fault("ERROR: Can't find address of local schedd"))
        .isEqualTo(Fault.TEMPORARY);
    assertThat(condor.complaints().fault("AUTHENTICATE:1003:Failed to authenticate"))
        .isEqualTo(Fault.PLATFORM);
  }

  @Test
  void filesForTheCeAreNamedOneByOneAndItsRouterIsToldTheSize() {
    assertThat(remote.script(Jobs.large()))
        .contains(
            "transfer_input_files = $(files)\n",
            "log = log\n",
            "leave_in_queue = JobStatus == 4 && ",
            "+xcount = 8\n",
            "+maxMemory = 16000\n",
            "+maxWallTime = 90\n",
            "+BatchRuntime = 5400\n",
            "+BatchQueue = \"long\"\n",
            "+BatchProject = \"physics\"\n")
        .endsWith("queue stamp, files from /area/.batches/sp1x/files\n");
    assertThat(condor.script(Jobs.large())).doesNotContain("leave_in_queue", "+xcount");
  }

  @Test
  void commandsToTheCeSayWhereItIs() {
    List<String> there = List.of("-name", "ce.example.org", "-pool", "ce.example.org:9619");
    assertThat(remote.submit(Jobs.one()).arguments())
        .startsWith(
            "condor_submit", "-terse", "-remote", "ce.example.org", "-pool", "ce.example.org:9619");
    for (BatchCommand command :
        List.of(
            remote.status(List.of("7.0")).getFirst(),
            remote.history(List.of("7.0")).getFirst(),
            remote.cancel(List.of("7.0")).getFirst(),
            remote.release(List.of("7.0")).getFirst(),
            remote.fetch("7.0").orElseThrow(),
            remote.queue("").getFirst(),
            remote.find(Jobs.one()).orElseThrow())) {
      assertThat(command.arguments().subList(1, 5)).isEqualTo(there);
    }
    assertThat(condor.fetch("7.0")).isEmpty();
    assertThat(condor.release(List.of("7.0"))).isEmpty();
  }

  /** condor_q -long of 8.8, 10.0 and 24.0 in front of a CE. */
  @Test
  void jobWhoseFilesAreOnTheirWayWaits() {
    Map<String, PilotReport> reports =
        remote.statuses(
            """
            ClusterId = 9
            HoldReason = "Spooling input data files"
            HoldReasonCode = 16
            JobStatus = 5
            ProcId = 0

            ClusterId = 9
            HoldReason = "Failed to get expiration time of proxy: unable to read proxy file"
            HoldReasonCode = 1
            JobStatus = 5
            ProcId = 1

            """);
    assertThat(Jobs.report(reports, "9.0").state()).isEqualTo(PilotState.WAITING);
    assertThat(Jobs.report(reports, "9.1"))
        .isEqualTo(
            Answers.report(
                PilotState.HELD,
                "Failed to get expiration time of proxy: unable to read proxy file"));
  }

  @Test
  void complaintsOfACeAreUnderstood() {
    for (String wrong :
        List.of(
            "ERROR: Failed to connect to queue manager ce.example.org\nAUTHENTICATE:1003:Failed to authenticate with any method\nAUTHENTICATE:1004:Failed to authenticate using SCITOKENS",
            "SECMAN:2010:Received \"DENIED\" from server for user unauthenticated@unmapped using no authentication method, which may imply host-based security.",
            "ERROR: Directory /area/x does not contain files: Failed to parse command file")) {
      assertThat(remote.complaints().fault(wrong)).as(wrong).isEqualTo(Fault.PLATFORM);
    }
    for (String later :
        List.of(
            "Error: Couldn't contact the condor_collector on ce.example.org:9619.",
            "ERROR: Can't find address of schedd ce.example.org",
            "SECMAN:2003:TCP connection to schedd at <192.0.2.7:9619> failed.")) {
      assertThat(remote.complaints().fault(later)).as(later).isEqualTo(Fault.TEMPORARY);
    }
  }
}
