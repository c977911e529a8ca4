package org.spinor.plugins.computing.boinc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.computing.boinc.Project.Ending;
import org.spinor.plugins.computing.boinc.Project.Status;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/** An application of a BOINC project that runs pilots. References are names of jobs. */
final class BoincElement implements ComputingElement {
  private static final Set<Capability> CAPABILITIES =
      Set.of(Capability.OUTPUT, Capability.CANCEL, Capability.EXIT_CODE);

  private final BoincSettings settings;
  private final Project project;
  private final Duration timeLimit;
  private final Map<String, Object> submitting;

  BoincElement(
      BoincSettings settings, Project project, Duration timeLimit, Map<String, Object> submitting) {
    this.settings = settings;
    this.project = project;
    this.timeLimit = timeLimit;
    this.submitting = submitting;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    List<String> problems = new ArrayList<>();
    PilotSubmission.Size size = submission.size();
    if (size.wholeNode() || size.cores() > 1) {
      problems.add("a pilot at volunteers has one core: NumberOfProcessors is 1, WholeNode false");
    }
    if (size.nodes() != 1) {
      problems.add("a pilot at volunteers has one node");
    }
    if (size.gpus() > 0) {
      problems.add("pilots at volunteers get no GPUs: leave out NumberOfGPUs");
    }
    return problems;
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    Deadline deadline = new Deadline(timeLimit);
    List<SubmitResult> results = new ArrayList<>();
    for (PilotSubmission submission : submissions) {
      results.add(submit(submission, deadline));
    }
    return results;
  }

  private SubmitResult submit(PilotSubmission pilot, Deadline deadline) {
    List<String> problems = validate(pilot);
    if (!problems.isEmpty()) {
      return new SubmitResult.Refused(pilot.stamp(), Fault.USER, String.join("; ", problems));
    }
    WorkUnit unit = new WorkUnit(pilot, settings);
    try {
      // Within one server one after the other; what another server does is told by the job's name.
      synchronized (submitting.computeIfAbsent(unit.name(), name -> new Object())) {
        if (!isThere(unit, deadline)) {
          send(unit, deadline);
        }
      }
      return new SubmitResult.Accepted(pilot.stamp(), new PilotReference(unit.name()));
    } catch (TemporaryException e) {
      return new SubmitResult.Refused(pilot.stamp(), Fault.TEMPORARY, words(e));
    } finally {
      submitting.remove(unit.name());
    }
  }

  private void send(WorkUnit unit, Deadline deadline) {
    long batch = project.createBatch(unit.name(), settings.app(), deadline);
    try {
      String file = project.upload(batch, unit.script(), deadline);
      project.submit(batch, settings.app(), unit.job(file), deadline);
    } catch (MisconfiguredException | RefusedException e) {
      throw e;
    } catch (TemporaryException e) {
      // Its answer may be lost, or another server was faster: two jobs of one name cannot be.
      if (!isThere(unit, deadline)) {
        throw e;
      }
    }
  }

  private boolean isThere(WorkUnit unit, Deadline deadline) {
    try {
      project.ending(unit.name(), deadline);
      return true;
    } catch (NoSuchThingException e) {
      return false;
    }
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    Deadline deadline = new Deadline(timeLimit);
    Map<String, Status> known = statuses(references, deadline);
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    for (PilotReference reference : references) {
      reports.put(reference, report(reference.value(), known.get(reference.value()), deadline));
    }
    return reports;
  }

  /** Those of which the project knows a batch with a job in it. */
  private Map<String, Status> statuses(Collection<PilotReference> references, Deadline deadline) {
    List<String> asked = new ArrayList<>(references.stream().map(PilotReference::value).toList());
    while (!asked.isEmpty()) {
      try {
        return project.jobs(asked, deadline);
      } catch (NoSuchThingException e) {
        // One name that is not there spoils the answer for all.
        Optional<String> missing =
            asked.stream()
                .filter(name -> (e.getMessage() + " ").contains(" " + name + " "))
                .findFirst();
        if (missing.isEmpty()) {
          throw new TemporaryException("the project says: " + e.getMessage(), e);
        }
        asked.remove(missing.get());
      }
    }
    return Map.of();
  }

  private PilotReport report(String job, @Nullable Status status, Deadline deadline) {
    if (status == null) {
      // A batch of the same name may be left of a submission that broke off: the job decides.
      return ended(job, deadline)
          .map(ending -> ending.isOver() ? report(ending) : PilotReport.of(PilotState.WAITING, ""))
          .orElseGet(() -> PilotReport.of(PilotState.UNKNOWN, "the project has no such job"));
    }
    return switch (status) {
      case UNSENT -> PilotReport.of(PilotState.WAITING, "no host has taken it yet");
      case IN_PROGRESS -> PilotReport.of(PilotState.RUNNING, "");
      case DONE -> new PilotReport(PilotState.DONE, "", OptionalInt.of(0), Optional.empty());
      case ERROR ->
          ended(job, deadline)
              .map(BoincElement::report)
              .orElseGet(() -> PilotReport.of(PilotState.UNKNOWN, "the project has no such job"));
    };
  }

  private Optional<Ending> ended(String job, Deadline deadline) {
    try {
      return Optional.of(project.ending(job, deadline));
    } catch (NoSuchThingException e) {
      return Optional.empty();
    }
  }

  private static PilotReport report(Ending ending) {
    if (ending.done()) {
      return new PilotReport(PilotState.DONE, "", OptionalInt.of(0), Optional.empty());
    }
    if (ending.cancelled()) {
      return PilotReport.of(PilotState.ABORTED, "aborted at the project");
    }
    if (ending.exitCode().isPresent() && ending.exitCode().getAsInt() != 0) {
      return new PilotReport(PilotState.FAILED, "", ending.exitCode(), Optional.empty());
    }
    return PilotReport.of(
        PilotState.ABORTED,
        "given up by the project: no host took it, or none reported in time (error mask "
            + ending.errors()
            + ")");
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    Deadline deadline = new Deadline(timeLimit);
    Optional<Ending> ending = ended(reference.value(), deadline);
    if (ending.isEmpty() || !ending.get().isOver()) {
      return new PilotOutput("", "", "", false);
    }
    String file = project.output(reference.value(), deadline).orElse("");
    return Outputs.read(file, file.isEmpty() ? ending.get().stderr() : "", maxBytes);
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Deadline deadline = new Deadline(timeLimit);
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    for (PilotReference reference : references) {
      results.put(reference, cancel(reference.value(), deadline));
    }
    return results;
  }

  private CancelResult cancel(String job, Deadline deadline) {
    try {
      // An order to abort what has ended would make an error of it.
      if (!project.ending(job, deadline).isOver()) {
        project.abort(job, deadline);
      }
      return new CancelResult.Cancelled();
    } catch (NoSuchThingException e) {
      return new CancelResult.Cancelled();
    } catch (TemporaryException e) {
      return new CancelResult.Failed(Fault.TEMPORARY, words(e));
    }
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    Deadline deadline = new Deadline(timeLimit);
    for (PilotReference reference : references) {
      try {
        if (project.ending(reference.value(), deadline).isOver()) {
          project.retire(reference.value(), deadline);
        }
      } catch (NoSuchThingException e) {
        // What is not there keeps nothing.
      }
    }
  }

  @Override
  public QueueInfo queueInfo() {
    throw new RefusedException("a project does not say how many of its hosts are free");
  }

  private static String words(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public void close() {
    project.close();
  }
}
