package org.spinor.plugins.computing.cream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.spinor.plugins.computing.cream.ws.Answer;
import org.spinor.plugins.computing.cream.ws.CreamState;
import org.spinor.plugins.computing.cream.ws.Job;
import org.spinor.plugins.grid.Bulk;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.Parallel;
import org.spinor.spi.Fault;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
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

/** A queue of a CREAM element. A pilot's reference is the number that CREAM gives its job. */
final class CreamElement implements ComputingElement {
  /** Bytes of each output that a job sends back. */
  static final int MOST_OUTPUT = 1 << 20;

  private static final int MARGIN = 10;

  private final ComputingElementContext context;
  private final CreamSettings settings;
  private final CreamAccount account;
  private final Runnable release;

  /**
   * @param release tells that this element needs the account no more
   */
  CreamElement(
      ComputingElementContext context,
      CreamSettings settings,
      CreamAccount account,
      Runnable release) {
    this.context = context;
    this.settings = settings;
    this.account = account;
    this.release = release;
  }

  @Override
  public Set<Capability> capabilities() {
    EnumSet<Capability> capabilities =
        EnumSet.of(
            Capability.OUTPUT,
            Capability.CANCEL,
            Capability.EXIT_CODE,
            Capability.MULTI_CORE,
            Capability.WHOLE_NODE);
    // CREAM's JDL has several words for GPUs, by version and site.
    if (settings.extraJdl().contains("{gpus}")) {
      capabilities.add(Capability.GPU);
    }
    return capabilities;
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    List<String> problems = new ArrayList<>(StartScript.problems(submission));
    PilotSubmission.Size size = submission.size();
    if (size.gpus() > 0 && !capabilities().contains(Capability.GPU)) {
      problems.add("GPUs cannot be asked for: ExtraJDLParameters has no {gpus}");
    }
    if (size.nodes() > 1) {
      problems.add("pilots of several nodes cannot be started through CREAM");
    }
    return problems;
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    return Bulk.of(submissions, this::validate)
        .sentBy(pilots -> new Submission(account, settings, pilots, deadline()).run());
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    if (references.isEmpty()) {
      return reports;
    }
    Deadline deadline = deadline();
    Map<String, Answer> answers = account.port().info(ids(references), deadline);
    for (PilotReference reference : references) {
      reports.put(
          reference,
          switch (answers.getOrDefault(
              reference.value(), new Answer.Failed("", "CREAM left it out of its answer"))) {
            case Answer.Known(Job job) -> report(job);
            case Answer.Unknown _ ->
                PilotReport.of(PilotState.UNKNOWN, "CREAM has no such job of this account");
            case Answer.Failed(String fault, String reason) ->
                PilotReport.of(PilotState.UNKNOWN, (fault + " " + reason).strip());
            case Answer.Taken _, Answer.WrongState _ ->
                PilotReport.of(PilotState.UNKNOWN, "CREAM does not tell its state");
          });
    }
    renew(answers.values(), deadline);
    return reports;
  }

  private void renew(Collection<Answer> answers, Deadline deadline) {
    Set<String> used =
        answers.stream()
            .filter(Answer.Known.class::isInstance)
            .map(answer -> ((Answer.Known) answer).job())
            .filter(job -> job.state().filter(CreamState::isFinal).isEmpty())
            .map(Job::delegation)
            .filter(id -> !id.isEmpty())
            .collect(Collectors.toSet());
    try {
      account.delegations().renew(() -> used, settings.renewal(), deadline);
    } catch (PluginException e) {
      // What is known of the pilots is worth more; the next call tries again.
    }
  }

  static PilotReport report(Job job) {
    if (job.state().isEmpty()) {
      return PilotReport.of(
          PilotState.UNKNOWN, "CREAM tells a state that is not known here: " + job.word());
    }
    boolean bad = job.exitCode().orElse(0) != 0;
    PilotState state =
        switch (job.state().get()) {
          case REGISTERED, PENDING, IDLE -> PilotState.WAITING;
          case HELD -> PilotState.HELD;
          case RUNNING, REALLY_RUNNING -> PilotState.RUNNING;
          case DONE_OK -> bad ? PilotState.FAILED : PilotState.DONE;
          case DONE_FAILED, CANCELLED, ABORTED -> PilotState.ABORTED;
          // Ended, and nobody can tell how any more.
          case PURGED -> PilotState.UNKNOWN;
        };
    boolean ended = state == PilotState.DONE || state == PilotState.FAILED;
    String reason = job.word() + (job.reason().isEmpty() ? "" : ": " + job.reason());
    if (ended && job.exitCode().equals(OptionalInt.of(StartScript.NOT_FETCHED))) {
      reason += ": probably the job could not fetch its files from SandboxURL";
    }
    return new PilotReport(state, reason, ended ? job.exitCode() : OptionalInt.empty(), job.host());
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    Deadline deadline = deadline();
    Job job = account.known(List.of(reference.value()), deadline).get(reference.value());
    Optional<String> name = job == null ? Optional.empty() : Jdl.name(job.jdl());
    if (name.isEmpty()) {
      return new PilotOutput("", "", "", false);
    }
    List<byte[]> texts = account.store().outputs(name.get(), deadline);
    int most = Math.min(maxBytes, MOST_OUTPUT);
    return new PilotOutput(
        Store.end(texts.getFirst(), most),
        Store.end(texts.getLast(), most),
        "",
        texts.stream().anyMatch(text -> text.length > most));
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    references.forEach(reference -> results.put(reference, new CancelResult.Cancelled()));
    if (references.isEmpty()) {
      return results;
    }
    Deadline deadline = deadline();
    List<String> going = going(ids(references), deadline);
    Map<String, Answer> answers = account.port().cancel(going, deadline);
    List<String> doubtful =
        going.stream()
            .filter(
                id ->
                    !(answers.get(id) instanceof Answer.Taken
                        || answers.get(id) instanceof Answer.Unknown))
            .toList();
    if (!doubtful.isEmpty()) {
      // One that has ended in the meantime cannot be cancelled, and need not be.
      for (String id : going(doubtful, deadline)) {
        String reason =
            answers.get(id) instanceof Answer.Failed(String fault, String words)
                ? fault + " " + words
                : "CREAM does not cancel it in the state that it has now";
        results.put(new PilotReference(id), new CancelResult.Failed(Fault.TEMPORARY, reason));
      }
    }
    return results;
  }

  /** Those that have not ended. */
  private List<String> going(List<String> ids, Deadline deadline) {
    return account.known(ids, deadline).values().stream()
        .filter(job -> job.state().filter(CreamState::isFinal).isEmpty())
        .map(Job::id)
        .toList();
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    if (references.isEmpty()) {
      return;
    }
    Deadline deadline = deadline();
    List<Job> ended =
        account.known(ids(references), deadline).values().stream()
            .filter(job -> job.state().filter(CreamState::isFinal).isPresent())
            .toList();
    if (ended.isEmpty()) {
      return;
    }
    // Files first: without the job nobody would know their names.
    Parallel.each(
            ended.stream().flatMap(job -> Jdl.name(job.jdl()).stream()).toList(),
            name -> {
              account.store().remove(name, deadline);
              return true;
            })
        .values()
        .forEach(
            result -> {
              if (result instanceof Parallel.Result.Failure<Boolean>(var reason)) {
                throw reason;
              }
            });
    account.port().purge(ended.stream().map(Job::id).toList(), deadline);
  }

  @Override
  public QueueInfo queueInfo() {
    throw new RefusedException("CREAM does not tell how full a queue is");
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
