package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/**
 * How a pilot fares, from its Job and its pod. The Job says whether it has ended, since it does not
 * come back from that; the pod says how, and what it waits for. All of it is what a server
 * answered: anything may be missing.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/job/">Jobs</a>
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/">Pod
 *     lifecycle</a>
 */
final class Verdict {
  /** Reasons of a container that waits for somebody to act; others pass by themselves. */
  private static final List<String> STUCK =
      List.of(
          "ImagePullBackOff",
          "ErrImagePull",
          "ErrImageNeverPull",
          "InvalidImageName",
          "ImageInspectError",
          "RegistryUnavailable",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  private Verdict() {}

  /**
   * The report of one pilot.
   *
   * @param pod the Job's newest; empty: there is none
   * @param trouble why the Job could start none, where that is known; else empty
   */
  static PilotReport of(Job job, Optional<Pod> pod, String trouble) {
    boolean cancelled = isCancelled(job);
    if (condition(job, "Complete").isPresent()) {
      return new PilotReport(
          PilotState.DONE,
          "",
          OptionalInt.of(pod.flatMap(Verdict::end).map(Verdict::code).orElse(0)),
          pod.flatMap(Verdict::host));
    }
    Optional<JobCondition> failed = condition(job, "Failed");
    if (failed.isPresent()) {
      return cancelled
          ? new PilotReport(
              PilotState.ABORTED, "cancelled", OptionalInt.empty(), pod.flatMap(Verdict::host))
          : failed(failed.get(), pod);
    }
    if (cancelled) {
      return cancelling(job, pod);
    }
    return pod.map(Verdict::goingOn).orElseGet(() -> without(job, trouble));
  }

  /** Whether its Job does not come back to life. */
  static boolean hasEnded(Job job) {
    return condition(job, "Complete").isPresent() || condition(job, "Failed").isPresent();
  }

  static boolean isCancelled(Job job) {
    return job.getMetadata().getAnnotations() != null
        && job.getMetadata().getAnnotations().containsKey(Names.CANCELLED);
  }

  private static boolean isSuspended(Job job) {
    return job.getSpec() != null && Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  private static PilotReport cancelling(Job job, Optional<Pod> pod) {
    if (pod.map(Verdict::phase).filter("Running"::equals).isPresent()) {
      return new PilotReport(
          PilotState.RUNNING, "is being ended", OptionalInt.empty(), pod.flatMap(Verdict::host));
    }
    // One that is kept back by a queue of the cluster has no clock that could end it.
    return isSuspended(job)
        ? PilotReport.of(PilotState.ABORTED, "cancelled")
        : PilotReport.of(PilotState.WAITING, "is being cancelled");
  }

  private static PilotReport without(Job job, String trouble) {
    if (isSuspended(job)) {
      return PilotReport.of(PilotState.WAITING, "suspended: a queue of the cluster keeps it back");
    }
    if (trouble.isEmpty()) {
      return PilotReport.of(PilotState.WAITING, "");
    }
    return PilotReport.of(
        Failures.isQuota(trouble) ? PilotState.WAITING : PilotState.HELD, trouble);
  }

  private static PilotReport goingOn(Pod pod) {
    Optional<String> host = host(pod);
    String phase = phase(pod);
    if (phase.equals("Pending")) {
      return pending(pod);
    }
    if (phase.equals("Unknown")) {
      return new PilotReport(
          PilotState.UNKNOWN, "its node does not answer", OptionalInt.empty(), host);
    }
    boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
    String reason = phase.equals("Running") && !leaving ? "" : "ends";
    return new PilotReport(PilotState.RUNNING, reason, OptionalInt.empty(), host);
  }

  private static PilotReport pending(Pod pod) {
    Optional<ContainerStateWaiting> stuck =
        states(pod)
            .flatMap(state -> Stream.ofNullable(state.getWaiting()))
            .filter(waiting -> STUCK.contains(String.valueOf(waiting.getReason())))
            .findFirst();
    if (stuck.isPresent()) {
      return new PilotReport(
          PilotState.HELD,
          words(stuck.get().getReason(), stuck.get().getMessage()),
          OptionalInt.empty(),
          host(pod));
    }
    Optional<PodCondition> unscheduled =
        conditions(pod)
            .filter(each -> "PodScheduled".equals(each.getType()))
            .filter(each -> "False".equals(each.getStatus()))
            .findFirst();
    return unscheduled
        .map(
            each ->
                PilotReport.of(
                    "SchedulingGated".equals(each.getReason())
                        ? PilotState.HELD
                        : PilotState.WAITING,
                    words(each.getReason(), each.getMessage())))
        .orElseGet(() -> new PilotReport(PilotState.WAITING, "", OptionalInt.empty(), host(pod)));
  }

  private static PilotReport failed(JobCondition condition, Optional<Pod> pod) {
    if (pod.isEmpty()) {
      return PilotReport.of(
          PilotState.ABORTED,
          "its pod is gone: " + words(condition.getReason(), condition.getMessage()));
    }
    Pod ended = pod.get();
    Optional<String> host = host(ended);
    PodStatus status = ended.getStatus();
    String reason = status == null || status.getReason() == null ? "" : status.getReason();
    Optional<ContainerStateTerminated> end = end(ended);
    OptionalInt code = end.map(Verdict::code).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    // Evicted, DeadlineExceeded, NodeLost, Preempting, OutOfcpu, ...: not of its own accord.
    if (!reason.isEmpty()) {
      String message = status == null ? "" : status.getMessage();
      return new PilotReport(PilotState.ABORTED, words(reason, message), code, host);
    }
    Optional<PodCondition> disruption =
        conditions(ended)
            .filter(each -> "DisruptionTarget".equals(each.getType()))
            .filter(each -> "True".equals(each.getStatus()))
            .findFirst();
    if (disruption.isPresent()) {
      return new PilotReport(
          PilotState.ABORTED,
          words(disruption.get().getReason(), disruption.get().getMessage()),
          code,
          host);
    }
    if (end.isEmpty()) {
      return new PilotReport(
          PilotState.ABORTED, beforeItBegan(ended, condition), OptionalInt.empty(), host);
    }
    return "OOMKilled".equals(end.get().getReason())
        ? new PilotReport(PilotState.ABORTED, "OOMKilled: it used too much memory", code, host)
        : new PilotReport(
            PilotState.FAILED,
            words("exit code " + end.get().getExitCode(), end.get().getMessage()),
            code,
            host);
  }

  private static String beforeItBegan(Pod pod, JobCondition condition) {
    PodStatus status = pod.getStatus();
    return statuses(status == null ? null : status.getInitContainerStatuses())
        .flatMap(each -> Stream.ofNullable(each.getState()))
        .flatMap(state -> Stream.ofNullable(state.getTerminated()))
        .filter(end -> Verdict.code(end) != 0)
        .findFirst()
        .map(
            end ->
                words(
                    "its files could not be put in place, exit code " + end.getExitCode(),
                    end.getMessage()))
        .orElseGet(() -> words(condition.getReason(), condition.getMessage()));
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    if (job.getStatus() == null || job.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    return job.getStatus().getConditions().stream()
        .filter(each -> type.equals(each.getType()) && "True".equals(each.getStatus()))
        .findFirst();
  }

  private static String phase(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null || status.getPhase() == null ? "Pending" : status.getPhase();
  }

  private static Stream<PodCondition> conditions(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null || status.getConditions() == null
        ? Stream.of()
        : status.getConditions().stream();
  }

  private static Stream<ContainerState> states(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null
        ? Stream.of()
        : Stream.concat(
                statuses(status.getInitContainerStatuses()),
                statuses(status.getContainerStatuses()))
            .flatMap(each -> Stream.ofNullable(each.getState()));
  }

  private static Stream<ContainerStatus> statuses(@Nullable List<ContainerStatus> statuses) {
    return statuses == null ? Stream.of() : statuses.stream();
  }

  /** How the pilot's own container ended; empty: it has not, or never began. */
  private static Optional<ContainerStateTerminated> end(Pod pod) {
    PodStatus status = pod.getStatus();
    return statuses(status == null ? null : status.getContainerStatuses())
        .filter(each -> Manifest.CONTAINER.equals(each.getName()))
        .flatMap(each -> Stream.ofNullable(each.getState()))
        .flatMap(state -> Stream.ofNullable(state.getTerminated()))
        .findFirst();
  }

  private static int code(ContainerStateTerminated end) {
    return end.getExitCode() == null ? 0 : end.getExitCode();
  }

  private static Optional<String> host(Pod pod) {
    return Optional.ofNullable(pod.getSpec())
        .map(spec -> spec.getNodeName())
        .filter(name -> !name.isEmpty());
  }

  private static String words(@Nullable String reason, @Nullable String message) {
    String first = reason == null ? "" : reason;
    String second = message == null ? "" : message.strip();
    return first + (first.isEmpty() || second.isEmpty() ? "" : ": ") + second;
  }
}
