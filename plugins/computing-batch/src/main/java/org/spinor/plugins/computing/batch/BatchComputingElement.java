package org.spinor.plugins.computing.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.plugins.computing.batch.system.BatchSystem;
import org.spinor.plugins.computing.batch.system.BatchSystems;
import org.spinor.spi.Fault;
import org.spinor.spi.Parameters;
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
 * A queue of a batch system. A pilot's reference is its stamp, which is also the name of its folder
 * on the submission host; what the batch system calls it stands in there.
 */
final class BatchComputingElement implements ComputingElement {
  private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(6);
  private static final int MARGIN = 10;

  private final Host host;
  private final Parts parts;
  private final ComputingElementContext context;
  private final PilotStatuses statuses;
  private volatile Instant cleaned;

  /** What an element is made of. */
  record Parts(BatchSettings settings, BatchSystem system, Area area, Commands commands) {}

  BatchComputingElement(
      ComputingElementContext context, BatchSettings settings, BatchSystem system, Area area) {
    this.context = context;
    this.host = area.host();
    this.parts =
        new Parts(
            settings,
            system,
            area,
            new Commands(
                host,
                system.complaints(),
                settings.programs().folder(),
                settings.programs().environment()));
    this.statuses =
        new PilotStatuses(
            parts, new Verdict(system.sharesFiles(), settings.latency()), context.clock());
    this.cleaned = context.clock().instant();
  }

  /**
   * The batch system that an operator names, wherever it is.
   *
   * @param area where pilots' folders are unless the operator says
   */
  static ComputingElement of(
      ComputingElementContext context, Parameters parameters, Host host, Supplier<String> area) {
    BatchSettings settings = BatchSettings.of(parameters, context.queue());
    Area pilots = new Area(host, () -> settings.sharedArea().orElseGet(area));
    return new BatchComputingElement(
        context, settings, BatchSystems.named(settings.system(), pilots::tools), pilots);
  }

  @Override
  public Set<Capability> capabilities() {
    EnumSet<Capability> capabilities =
        EnumSet.of(
            Capability.OUTPUT, Capability.CANCEL, Capability.EXIT_CODE, Capability.QUEUE_INFO);
    capabilities.addAll(parts.system().sizes());
    if (parts.system().sharesFiles()) {
      capabilities.add(Capability.LIVE_OUTPUT);
    }
    return capabilities;
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    PilotSubmission.Size size = submission.size();
    Set<Capability> can = parts.system().sizes();
    String name = parts.system().name();
    List<String> problems = new ArrayList<>();
    if (size.cores() > 1 && !can.contains(Capability.MULTI_CORE)) {
      problems.add("one core at most for pilots of " + name + ", not " + size.cores());
    }
    if (size.wholeNode() && !can.contains(Capability.WHOLE_NODE)) {
      problems.add("no whole nodes for pilots of " + name);
    }
    if (size.nodes() > 1 && !can.contains(Capability.MULTI_NODE)) {
      problems.add("one node at most for pilots of " + name + ", not " + size.nodes());
    }
    if (size.gpus() > 0 && !can.contains(Capability.GPU)) {
      problems.add("no GPUs for pilots of " + name);
    }
    submission.environment().keySet().stream()
        .filter(variable -> !variable.matches("[A-Za-z_][A-Za-z0-9_]*"))
        .forEach(variable -> problems.add("'" + variable + "' is no name of a variable"));
    return problems;
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    Map<String, SubmitResult> results = new LinkedHashMap<>();
    Map<String, PilotSubmission> good = new LinkedHashMap<>();
    for (PilotSubmission submission : submissions) {
      List<String> problems = validate(submission);
      if (problems.isEmpty()) {
        good.put(submission.stamp(), sized(submission));
      } else {
        results.put(
            submission.stamp(),
            new SubmitResult.Refused(submission.stamp(), Fault.USER, String.join("; ", problems)));
      }
    }
    if (!good.isEmpty()) {
      results.putAll(new Submission(parts, good, context.timeLimit(), deadline()).run());
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

  /** With the wall time of the configuration, where the submission asks for none. */
  private PilotSubmission sized(PilotSubmission pilot) {
    PilotSubmission.Size size = pilot.size();
    if (size.wallTime().isPositive() || parts.settings().wallTime().isZero()) {
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
            parts.settings().wallTime()));
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    if (references.isEmpty()) {
      return reports;
    }
    Deadline deadline = deadline();
    cleanSometimes(deadline);
    List<String> stamps = stamps(references);
    Map<String, PilotReport> found = statuses.of(stamps, deadline);
    for (PilotReference reference : references) {
      reports.put(
          reference,
          found.getOrDefault(
              reference.value(),
              PilotReport.of(
                  PilotState.UNKNOWN, "there is no folder of this pilot on " + host.title())));
    }
    return reports;
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    Deadline deadline = deadline();
    Marks marks = parts.area().look(stamps(List.of(reference)), deadline).get(reference.value());
    if (marks == null) {
      return new PilotOutput("", "", "", false);
    }
    String complaint = fetch(marks, deadline);
    Host.Tail out = parts.area().tail(marks.stamp() + "/stdout", maxBytes, deadline);
    Host.Tail err = parts.area().tail(marks.stamp() + "/stderr", maxBytes, deadline);
    Host.Tail log = Host.Tail.NOTHING;
    if (!complaint.isEmpty()) {
      log = new Host.Tail(complaint + "\n", false);
    } else if (parts.system().fetch(marks.id()).isPresent()) {
      log = parts.area().tail(marks.stamp() + "/log", maxBytes, deadline);
    } else {
      log =
          marks
              .output(parts.system())
              .map(file -> parts.area().tail(file, maxBytes, deadline))
              .orElse(log);
    }
    return new PilotOutput(
        out.text(), err.text(), log.text(), out.truncated() || err.truncated() || log.truncated());
  }

  /**
   * Brings the outputs of an ended pilot here, where they do not come by themselves and are not
   * here yet.
   *
   * @return why that did not work; empty: it did, or there was nothing to do
   */
  private String fetch(Marks marks, Deadline deadline) {
    Optional<BatchCommand> command = parts.system().fetch(marks.id());
    if (marks.id().isEmpty()
        || command.isEmpty()
        || !parts.area().tail(marks.stamp() + "/log", 1, deadline).text().isEmpty()) {
      return "";
    }
    PilotReport report = statuses.of(List.of(marks.stamp()), deadline).get(marks.stamp());
    if (report != null && !report.state().isFinal()) {
      return "";
    }
    Host.Answer answer = parts.commands().order(command.get(), deadline);
    return answer.exitCode() == 0 || parts.system().complaints().onlyGone(answer.complaint())
        ? ""
        : parts.commands().failure(command.get(), answer);
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    references.forEach(reference -> results.put(reference, new CancelResult.Cancelled()));
    if (references.isEmpty()) {
      return results;
    }
    Deadline deadline = deadline();
    Map<String, String> stampOf = new LinkedHashMap<>();
    List<String> stamps = new ArrayList<>();
    for (Marks marks : parts.area().look(stamps(references), deadline).values()) {
      if (!marks.isOver()) {
        stamps.add(marks.stamp());
        if (!marks.id().isEmpty()) {
          stampOf.put(marks.id(), marks.stamp());
        }
      }
    }
    if (!stamps.isEmpty()) {
      // The mark first: a pilot that is just beginning looks for it.
      parts.area().setCancelled(stamps, deadline);
    }
    for (List<String> some : PilotStatuses.chunks(List.copyOf(stampOf.keySet()))) {
      cancel(some, deadline)
          .forEach(
              (id, failed) ->
                  results.put(new PilotReference(stampOf.getOrDefault(id, id)), failed));
    }
    return results;
  }

  /** The ids that could not be cancelled. */
  private Map<String, CancelResult.Failed> cancel(List<String> ids, Deadline deadline) {
    Map<String, CancelResult.Failed> failures = new LinkedHashMap<>();
    for (BatchCommand command : parts.system().cancel(ids)) {
      try {
        Host.Answer answer = parts.commands().order(command, deadline);
        if (answer.exitCode() != 0) {
          Fault fault = parts.commands().fault(answer);
          parts
              .system()
              .complaints()
              .refusals(Set.copyOf(ids), answer.words())
              .forEach((id, words) -> failures.put(id, new CancelResult.Failed(fault, words)));
        }
      } catch (TemporaryException e) {
        String words = String.valueOf(e.getMessage());
        ids.forEach(id -> failures.put(id, new CancelResult.Failed(Fault.TEMPORARY, words)));
      }
    }
    return failures;
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    if (references.isEmpty()) {
      return;
    }
    Deadline deadline = deadline();
    List<String> ended = new ArrayList<>();
    statuses
        .of(stamps(references), deadline)
        .forEach(
            (stamp, report) -> {
              if (report.state().isFinal()) {
                ended.add(stamp);
              }
            });
    if (!ended.isEmpty()) {
      release(ended, deadline);
      parts.area().purge(ended, deadline);
    }
  }

  private void release(List<String> stamps, Deadline deadline) {
    List<String> ids =
        parts.area().look(stamps, deadline).values().stream()
            .map(Marks::id)
            .filter(id -> !id.isEmpty())
            .toList();
    for (List<String> some : PilotStatuses.chunks(ids)) {
      for (BatchCommand command : parts.system().release(some)) {
        Host.Answer answer = parts.commands().order(command, deadline);
        if (answer.exitCode() != 0 && !parts.system().complaints().onlyGone(answer.words())) {
          throw new TemporaryException(parts.commands().failure(command, answer));
        }
      }
    }
  }

  @Override
  public QueueInfo queueInfo() {
    String queue = parts.settings().place().queue();
    List<BatchCommand> commands = parts.system().queue(queue);
    Deadline deadline = deadline();
    // The commands of a plain host are scripts of ours.
    parts.area().prepare(deadline);
    return parts
        .system()
        .queueState(
            queue,
            commands.stream().map(command -> parts.commands().ask(command, deadline)).toList());
  }

  @Override
  public void close() {
    // The pilots go on.
    host.close();
  }

  private void cleanSometimes(Deadline deadline) {
    Instant now = context.clock().instant();
    if (cleaned.plus(BETWEEN_CLEANINGS).isBefore(now)) {
      cleaned = now;
      parts.area().purgeOlder(parts.settings().keep(), deadline);
    }
  }

  /** Those that can be stamps at all: others are nobody's. */
  private static List<String> stamps(Collection<PilotReference> references) {
    return references.stream()
        .map(PilotReference::value)
        .filter(value -> value.matches("[A-Za-z0-9]{1,32}"))
        .distinct()
        .toList();
  }

  /** Leaves some of the time for the answer to get back. */
  private Deadline deadline() {
    return Deadline.in(context.timeLimit().minus(context.timeLimit().dividedBy(MARGIN)));
  }
}
