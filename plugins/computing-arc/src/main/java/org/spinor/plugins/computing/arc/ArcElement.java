package org.spinor.plugins.computing.arc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.ArcRest.Tail;
import org.spinor.plugins.computing.arc.rest.ArcState;
import org.spinor.plugins.computing.arc.rest.JobItem;
import org.spinor.plugins.computing.arc.rest.Share;
import org.spinor.plugins.grid.Bulk;
import org.spinor.plugins.grid.Deadline;
import org.spinor.spi.Fault;
import org.spinor.spi.TemporaryException;
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
 * A queue of an ARC computing element. A pilot's reference is the number that ARC gives its job.
 */
final class ArcElement implements ComputingElement {
  private static final int MARGIN = 10;

  private final ComputingElementContext context;
  private final ArcSettings settings;
  private final ArcService service;
  private final Runnable release;

  /**
   * @param release tells that this element needs the service no more
   */
  ArcElement(
      ComputingElementContext context, ArcSettings settings, ArcService service, Runnable release) {
    this.context = context;
    this.settings = settings;
    this.service = service;
    this.release = release;
  }

  @Override
  public Set<Capability> capabilities() {
    EnumSet<Capability> capabilities =
        EnumSet.of(
            Capability.OUTPUT,
            Capability.CANCEL,
            Capability.EXIT_CODE,
            Capability.QUEUE_INFO,
            Capability.MULTI_CORE,
            Capability.WHOLE_NODE,
            Capability.MULTI_NODE);
    if (settings.sharedSession()) {
      capabilities.add(Capability.LIVE_OUTPUT);
    }
    // ADL has no word for GPUs: sites have one of their own, or a runtime environment.
    if (settings.templates().mention("{gpus}")) {
      capabilities.add(Capability.GPU);
    }
    return capabilities;
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    List<String> problems = new ArrayList<>(Adl.problems(submission.environment()));
    if (submission.size().gpus() > 0 && !capabilities().contains(Capability.GPU)) {
      problems.add(
          "GPUs cannot be asked for: neither ADLResources nor RunTimeEnvironments has {gpus}");
    }
    Set<String> reserved = Set.of(Adl.PILOT, Adl.STARTER, Adl.OUTPUT, Adl.ERROR);
    submission.files().stream()
        .map(PilotSubmission.InputFile::name)
        .filter(reserved::contains)
        .forEach(name -> problems.add("a file cannot be called " + name));
    return problems;
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    Deadline deadline = deadline();
    return Bulk.of(submissions, this::validate)
        .as(this::sized)
        .sentBy(
            pilots ->
                service.inTurn(
                    settings.queue(),
                    deadline,
                    () -> new Submission(service, settings, pilots, deadline).run()));
  }

  /** With the wall time of the configuration, where the submission asks for none. */
  private PilotSubmission sized(PilotSubmission pilot) {
    PilotSubmission.Size size = pilot.size();
    if (size.wallTime().isPositive() || settings.wallTime().isZero()) {
      return pilot;
    }
    return new PilotSubmission(
        pilot.stamp(),
        pilot.vo(),
        pilot.script(),
        pilot.environment(),
        pilot.files(),
        new PilotSubmission.Size(
            size.cores(),
            size.memoryMb(),
            size.gpus(),
            size.nodes(),
            size.wholeNode(),
            settings.wallTime()));
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    if (references.isEmpty()) {
      return reports;
    }
    Deadline deadline = deadline();
    Map<String, PilotReport> found =
        new Following(service.rest(), deadline).reports(ids(references));
    for (PilotReference reference : references) {
      reports.put(
          reference,
          found.getOrDefault(
              reference.value(), PilotReport.of(PilotState.UNKNOWN, "not asked about")));
    }
    List<String> running =
        found.entrySet().stream()
            .filter(one -> !one.getValue().state().isFinal())
            .map(Map.Entry::getKey)
            .toList();
    service.delegations().renew(running, settings.renewal(), deadline);
    return reports;
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    Deadline deadline = deadline();
    ArcRest rest = service.rest();
    String id = reference.value();
    Tail out = rest.tail(id, "session", Adl.OUTPUT, maxBytes, deadline);
    Tail err = rest.tail(id, "session", Adl.ERROR, maxBytes, deadline);
    Tail log = Diagnostics.log(rest, id, maxBytes, deadline);
    return new PilotOutput(
        out.text(), err.text(), log.text(), out.truncated() || err.truncated() || log.truncated());
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    references.forEach(reference -> results.put(reference, new CancelResult.Cancelled()));
    if (references.isEmpty()) {
      return results;
    }
    Deadline deadline = deadline();
    Following following = new Following(service.rest(), deadline);
    List<String> going = split(following, ids(references)).getOrDefault(false, List.of());
    Map<String, JobItem> answers = service.rest().act(ArcRest.Action.KILL, going, deadline);
    List<String> doubtful =
        going.stream()
            .filter(
                id -> {
                  JobItem item = answers.get(id);
                  return item == null || !(item.isGood() || item.isUnknown());
                })
            .toList();
    if (!doubtful.isEmpty()) {
      // One that has ended in the meantime cannot be killed, and need not be.
      for (String id : split(following, doubtful).getOrDefault(false, List.of())) {
        JobItem item = answers.get(id);
        results.put(
            new PilotReference(id),
            new CancelResult.Failed(
                Fault.TEMPORARY,
                item == null ? "ARC left it out of its answer" : "ARC: " + item.reason()));
      }
    }
    return results;
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    if (references.isEmpty()) {
      return;
    }
    Deadline deadline = deadline();
    List<String> ended =
        split(new Following(service.rest(), deadline), ids(references))
            .getOrDefault(true, List.of());
    if (!ended.isEmpty()) {
      service.rest().act(ArcRest.Action.CLEAN, ended, deadline);
    }
  }

  /** Those that are known to have ended, and all others. */
  private static Map<Boolean, List<String>> split(Following following, List<String> ids) {
    return following.states(ids).entrySet().stream()
        .collect(
            Collectors.partitioningBy(
                one -> one.getValue().state().filter(ArcState::isFinal).isPresent(),
                Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
  }

  @Override
  public QueueInfo queueInfo() {
    Deadline deadline =
        Deadline.in(
            settings.information().compareTo(context.timeLimit()) < 0
                ? settings.information()
                : context.timeLimit());
    Optional<Share> share = service.rest().share(settings.queue(), deadline);
    return share
        .map(one -> new QueueInfo(one.waiting(), one.running(), one.freeSlots()))
        .orElseThrow(
            () ->
                new TemporaryException(
                    "ARC publishes nothing of the queue '" + settings.queue() + "'"));
  }

  @Override
  public void close() {
    // The pilots go on.
    release.run();
  }

  private static List<String> ids(Collection<PilotReference> references) {
    return references.stream().map(PilotReference::value).distinct().toList();
  }

  /** Leaves some of the time for the answer to get back. */
  private Deadline deadline() {
    return Deadline.in(context.timeLimit().minus(context.timeLimit().dividedBy(MARGIN)));
  }
}
