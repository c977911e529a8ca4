package org.spinor.plugins.computing.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/**
 * Pilots in a namespace of a cluster. A pilot's reference is the name of its Job, which its stamp
 * determines: the cluster itself sees to it that there is one.
 */
final class KubernetesElement implements ComputingElement {
  private static final int MARGIN = 10;

  private final ComputingElementContext context;
  private final Settings settings;
  private final Access access;
  private final Map<String, String> queue;

  KubernetesElement(ComputingElementContext context, Settings settings, Access access) {
    this.context = context;
    this.settings = settings;
    this.access = access;
    this.queue = Names.queue(context);
  }

  @Override
  public Set<Capability> capabilities() {
    EnumSet<Capability> capabilities =
        EnumSet.complementOf(EnumSet.of(Capability.WHOLE_NODE, Capability.MULTI_NODE));
    if (settings.wishes().resources().gpu().isEmpty()) {
      capabilities.remove(Capability.GPU);
    }
    return capabilities;
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    PilotSubmission.Size size = submission.size();
    List<String> problems = new ArrayList<>();
    if (size.wholeNode()) {
      problems.add("no whole nodes: Kubernetes gives cores");
    }
    if (size.nodes() > 1) {
      problems.add("one node at most, not " + size.nodes());
    }
    if (size.gpus() > 0 && settings.wishes().resources().gpu().isEmpty()) {
      problems.add("no GPUs: GpuResource is empty");
    }
    submission.environment().keySet().stream()
        .filter(variable -> !variable.matches("[A-Za-z_][A-Za-z0-9_]*"))
        .forEach(variable -> problems.add("'" + variable + "' is no name of a variable"));
    if (submission.files().stream().anyMatch(file -> file.name().equals(Manifest.SCRIPT))) {
      problems.add("a file cannot be called " + Manifest.SCRIPT);
    }
    return problems;
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    Map<String, SubmitResult> results = new LinkedHashMap<>();
    Map<String, PilotSubmission> good = new LinkedHashMap<>();
    for (PilotSubmission submission : submissions) {
      List<String> problems = validate(submission);
      if (problems.isEmpty()) {
        good.put(submission.stamp(), submission);
      } else {
        results.put(
            submission.stamp(),
            new SubmitResult.Refused(submission.stamp(), Fault.USER, String.join("; ", problems)));
      }
    }
    if (!good.isEmpty()) {
      Cluster cluster = cluster();
      Manifest manifest = new Manifest(settings, queue);
      Fan.out(List.copyOf(good.values()), limit(), pilot -> cluster.create(pilot, manifest))
          .forEach((pilot, outcome) -> results.put(pilot.stamp(), result(pilot, outcome)));
    }
    return submissions.stream()
        .map(
            submission ->
                results.getOrDefault(
                    submission.stamp(),
                    new SubmitResult.Refused(
                        submission.stamp(), Fault.TEMPORARY, "not reached in time")))
        .toList();
  }

  private static SubmitResult result(PilotSubmission pilot, Fan.Outcome<String> outcome) {
    return switch (outcome) {
      case Fan.Outcome.Value<String>(String name) ->
          new SubmitResult.Accepted(pilot.stamp(), new PilotReference(name));
      case Fan.Outcome.Failure<String>(var reason) ->
          new SubmitResult.Refused(
              pilot.stamp(), Failures.fault(reason), String.valueOf(reason.getMessage()));
    };
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    if (references.isEmpty()) {
      return reports;
    }
    Map<String, PilotReport> found = cluster().reports(queue);
    for (PilotReference reference : references) {
      reports.put(
          reference,
          found.getOrDefault(
              reference.value(),
              PilotReport.of(PilotState.UNKNOWN, "there is no Job of this name for this queue")));
    }
    return reports;
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    return Names.isJob(reference.value())
        ? cluster().output(reference.value(), maxBytes)
        : new PilotOutput("", "", "", false);
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    references.forEach(reference -> results.put(reference, new CancelResult.Cancelled()));
    List<String> names = names(references);
    if (names.isEmpty()) {
      return results;
    }
    Cluster cluster = cluster();
    Map<String, PilotReport> reports = cluster.reports(queue);
    List<String> living =
        names.stream()
            .filter(reports::containsKey)
            .filter(name -> !isFinal(reports, name))
            .toList();
    Fan.out(living, limit(), name -> cluster.cancel(name, context.clock().instant()))
        .forEach(
            (name, outcome) -> {
              if (outcome instanceof Fan.Outcome.Failure<Boolean>(var reason)) {
                results.put(
                    new PilotReference(name),
                    new CancelResult.Failed(
                        Failures.fault(reason), String.valueOf(reason.getMessage())));
              }
            });
    return results;
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    List<String> names = names(references);
    if (names.isEmpty()) {
      return;
    }
    Cluster cluster = cluster();
    Map<String, PilotReport> reports = cluster.reports(queue);
    List<String> ended = names.stream().filter(name -> isFinal(reports, name)).toList();
    for (Fan.Outcome<Boolean> outcome : Fan.out(ended, limit(), cluster::remove).values()) {
      if (outcome instanceof Fan.Outcome.Failure<Boolean>(var reason)) {
        throw reason;
      }
    }
  }

  private static boolean isFinal(Map<String, PilotReport> reports, String name) {
    PilotReport report = reports.get(name);
    return report != null && report.state().isFinal();
  }

  @Override
  public QueueInfo queueInfo() {
    int waiting = 0;
    int running = 0;
    for (PilotReport report : cluster().reports(queue).values()) {
      switch (report.state()) {
        case WAITING, HELD -> waiting++;
        case RUNNING -> running++;
        case DONE, FAILED, ABORTED, UNKNOWN -> {}
      }
    }
    return new QueueInfo(OptionalInt.of(waiting), OptionalInt.of(running), OptionalInt.empty());
  }

  @Override
  public void close() {
    access.close();
  }

  private Cluster cluster() {
    Access.Open open = access.open();
    String namespace = settings.namespace().isEmpty() ? open.namespace() : settings.namespace();
    return new Cluster(open.client(), namespace, context.clock());
  }

  /** Those that can be names of our Jobs at all: others are nobody's. */
  private static List<String> names(Collection<PilotReference> references) {
    return references.stream().map(PilotReference::value).filter(Names::isJob).distinct().toList();
  }

  /** Leaves some of the time for the answer to get back. */
  private Duration limit() {
    return context.timeLimit().minus(context.timeLimit().dividedBy(MARGIN));
  }
}
