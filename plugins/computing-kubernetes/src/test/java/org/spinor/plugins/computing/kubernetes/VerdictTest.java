package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/** What API servers answer, as their documentation has it, cut to what matters. */
class VerdictTest {
  private static final String RUNS = "{metadata: {name: pilot-a}, status: {active: 1}}";
  private static final String FAILED =
      "{metadata: {name: pilot-a}, status: {conditions: [{type: FailureTarget, status: 'True'}, {type: Failed, status: 'True', reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}}";
  private static final String COMPLETE =
      "{metadata: {name: pilot-a}, status: {conditions: [{type: SuccessCriteriaMet, status: 'True'}, {type: Complete, status: 'True'}]}}";
  private static final String CANCELLED =
      "{metadata: {name: pilot-a, annotations: {spinor.org/cancelled: now}}";

  private static Job job(String yaml) {
    return Serialization.unmarshal("---\n" + yaml, Job.class);
  }

  private static PilotReport report(String job, String pod) {
    return Verdict.of(
        job(job),
        pod.isEmpty()
            ? Optional.empty()
            : Optional.of(Serialization.unmarshal("---\n" + pod, Pod.class)),
        "");
  }

  private static PilotReport report(PilotState state, String reason, String host) {
    return new PilotReport(
        state, reason, OptionalInt.empty(), host.isEmpty() ? Optional.empty() : Optional.of(host));
  }

  @Test
  void podThatNoNodeTakesWaitsWithTheSchedulersReason() {
    assertThat(
            report(
                RUNS,
                """
                metadata: {name: pilot-a-x}
                status:
                  phase: Pending
                  conditions:
                  - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available: 3 Insufficient cpu."}
                """))
        .isEqualTo(
            report(
                PilotState.WAITING,
                "Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.",
                ""));
  }

  @ParameterizedTest
  @CsvSource({
    "ErrImagePull,HELD",
    "ImagePullBackOff,HELD",
    "InvalidImageName,HELD",
    "CreateContainerConfigError,HELD",
    "ContainerCreating,WAITING",
    "PodInitializing,WAITING",
    "SomethingNew,WAITING"
  })
  void containerThatCannotStartIsHeldWhereSomebodyHasToAct(String reason, PilotState state) {
    for (String containers : new String[] {"containerStatuses", "initContainerStatuses"}) {
      PilotReport report =
          report(
              RUNS,
              """
              metadata: {name: pilot-a-x}
              spec: {nodeName: n1}
              status:
                phase: Pending
                %s:
                - {name: pilot, state: {waiting: {reason: %s, message: what the node says}}}
              """
                  .formatted(containers, reason));
      assertThat(report)
          .isEqualTo(
              report(state, state == PilotState.HELD ? reason + ": what the node says" : "", "n1"));
    }
  }

  @Test
  void gatedPodIsHeld() {
    assertThat(
            report(
                    RUNS,
                    """
                    metadata: {name: x}
                    status: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: SchedulingGated}]}
                    """)
                .state())
        .isEqualTo(PilotState.HELD);
  }

  @Test
  void runningPodRunsOnItsNode() {
    assertThat(
            report(RUNS, "{metadata: {name: x}, spec: {nodeName: n1}, status: {phase: Running}}"))
        .isEqualTo(report(PilotState.RUNNING, "", "n1"));
    assertThat(
            report(RUNS, "{metadata: {name: x}, spec: {nodeName: n1}, status: {phase: Unknown}}"))
        .isEqualTo(report(PilotState.UNKNOWN, "its node does not answer", "n1"));
  }

  @Test
  void podThatHasEndedRunsUntilItsJobHasEnded() {
    assertThat(report(RUNS, "{metadata: {name: x}, status: {phase: Failed}}"))
        .isEqualTo(report(PilotState.RUNNING, "ends", ""));
  }

  private static String ended(String container, String rest) {
    return """
    metadata: {name: pilot-a-x}
    spec: {nodeName: n1}
    status:
      phase: Failed
      containerStatuses:
      - {name: other, state: {terminated: {exitCode: 99}}}
      - {name: pilot, state: {terminated: {%s}}}
    %s
    """
        .formatted(container, rest.indent(2));
  }

  private static PilotReport end(PilotState state, String reason, int code) {
    return new PilotReport(state, reason, OptionalInt.of(code), Optional.of("n1"));
  }

  @Test
  void exitCodeIsThePilots() {
    assertThat(report(COMPLETE, ended("exitCode: 0", ""))).isEqualTo(end(PilotState.DONE, "", 0));
    assertThat(report(FAILED, ended("exitCode: 3, reason: Error", "")))
        .isEqualTo(end(PilotState.FAILED, "exit code 3", 3));
  }

  @Test
  void whatTheClusterEndedIsAbortedWithItsReason() {
    assertThat(report(FAILED, ended("exitCode: 137, reason: OOMKilled", "")))
        .isEqualTo(end(PilotState.ABORTED, "OOMKilled: it used too much memory", 137));
    assertThat(
            report(
                FAILED,
                ended(
                    "exitCode: 137",
                    """
                    reason: Evicted
                    message: "The node was low on resource: ephemeral-storage."
                    """)))
        .isEqualTo(
            end(
                PilotState.ABORTED,
                "Evicted: The node was low on resource: ephemeral-storage.",
                137));
    assertThat(
            report(
                    FAILED,
                    ended(
                        "exitCode: 143",
                        "conditions: [{type: DisruptionTarget, status: 'True', reason: PreemptionByScheduler, message: default-scheduler}]"))
                .reason())
        .isEqualTo("PreemptionByScheduler: default-scheduler");
    assertThat(report(FAILED, ended("exitCode: 143", "reason: DeadlineExceeded")))
        .isEqualTo(end(PilotState.ABORTED, "DeadlineExceeded", 143));
  }

  @Test
  void failedJobWithoutPodIsAborted() {
    assertThat(report(FAILED, ""))
        .isEqualTo(
            report(
                PilotState.ABORTED,
                "its pod is gone: BackoffLimitExceeded: Job has reached the specified backoff limit",
                ""));
  }

  @Test
  void filesThatCouldNotBePlacedAreTheReason() {
    assertThat(
            report(
                    FAILED,
                    """
                    metadata: {name: x}
                    status:
                      phase: Failed
                      initContainerStatuses: [{name: files, state: {terminated: {exitCode: 1, message: no space}}}]
                      containerStatuses: [{name: pilot, state: {waiting: {reason: PodInitializing}}}]
                    """)
                .reason())
        .isEqualTo("its files could not be put in place, exit code 1: no space");
  }

  @Test
  void cancelledPilotIsAbortedWhenItsJobHasEnded() {
    String pod = "{metadata: {name: x}, spec: {nodeName: n1}, status: {phase: Running}}";
    assertThat(report(CANCELLED + "}", pod))
        .isEqualTo(report(PilotState.RUNNING, "is being ended", "n1"));
    assertThat(report(CANCELLED + "}", "").state()).isEqualTo(PilotState.WAITING);
    String failed =
        CANCELLED
            + ", status: {conditions: [{type: Failed, status: 'True', reason: DeadlineExceeded}]}}";
    assertThat(report(failed, "")).isEqualTo(report(PilotState.ABORTED, "cancelled", ""));
    String complete = CANCELLED + ", status: {conditions: [{type: Complete, status: 'True'}]}}";
    assertThat(report(complete, "").state())
        .as("it had ended before the order came")
        .isEqualTo(PilotState.DONE);
    assertThat(report(CANCELLED + ", spec: {suspend: true}}", "").state())
        .as("nothing of it runs")
        .isEqualTo(PilotState.ABORTED);
  }

  @Test
  void jobWithoutPodWaitsOrIsHeldByItsTrouble() {
    assertThat(report(RUNS, "").state()).isEqualTo(PilotState.WAITING);
    assertThat(report("{metadata: {name: a}, spec: {suspend: true}}", "").reason())
        .contains("suspended");
    Job job = job(RUNS);
    String quota = "pods \"a\" is forbidden: exceeded quota: small";
    String policy = "pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\"";
    assertThat(Verdict.of(job, Optional.empty(), quota))
        .isEqualTo(report(PilotState.WAITING, quota, ""));
    assertThat(Verdict.of(job, Optional.empty(), policy))
        .isEqualTo(report(PilotState.HELD, policy, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{metadata: {name: a}}",
        "{metadata: {name: a}, status: {}}",
        "{metadata: {name: a}, status: {phase: Failed, conditions: [], containerStatuses: []}}",
        "{metadata: {name: a}, status: {phase: Nonsense, conditions: [{}], containerStatuses: [{}]}}",
        "{metadata: {name: a}, spec: {}, status: {phase: Pending, containerStatuses: [{state: {}}, {name: pilot, state: {terminated: {}, waiting: {}}}]}}"
      })
  void whateverIsMissingInAPodDoesNoHarm(String pod) {
    for (String job : new String[] {RUNS, FAILED, COMPLETE, CANCELLED + "}", "{metadata: {}}"}) {
      assertThat(report(job, pod)).isNotNull();
    }
  }
}
