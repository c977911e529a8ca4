package org.spinor.spi.testkit;

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
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/** The face of an {@link InMemoryBackEnd}; passes the contract suite. */
public final class InMemoryComputingElement implements ComputingElement {
  private final InMemoryBackEnd backEnd;

  InMemoryComputingElement(InMemoryBackEnd backEnd) {
    this.backEnd = backEnd;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.MULTI_NODE, Capability.GPU));
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    List<String> problems = new ArrayList<>();
    if (submission.size().nodes() > 1) {
      problems.add("one node at most, not " + submission.size().nodes());
    }
    if (submission.size().gpus() > 0) {
      problems.add("there are no GPUs");
    }
    return problems;
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    List<SubmitResult> results = new ArrayList<>();
    for (PilotSubmission submission : submissions) {
      List<String> problems = validate(submission);
      results.add(
          problems.isEmpty()
              ? accept(submission)
              : new SubmitResult.Refused(
                  submission.stamp(), Fault.USER, String.join("; ", problems)));
    }
    return results;
  }

  private SubmitResult accept(PilotSubmission submission) {
    return backEnd
        .accept(submission)
        .<SubmitResult>map(reference -> new SubmitResult.Accepted(submission.stamp(), reference))
        .orElseGet(
            () ->
                new SubmitResult.Refused(submission.stamp(), Fault.TEMPORARY, "the queue is full"));
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    return backEnd.reports(references);
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    String stamp = backEnd.submission(reference).map(PilotSubmission::stamp).orElse("");
    if (stamp.isEmpty()) {
      return new PilotOutput("", "", "", false);
    }
    String out = "out " + stamp + "\n";
    String err = "err " + stamp + "\n";
    boolean truncated = out.length() > maxBytes || err.length() > maxBytes;
    return new PilotOutput(end(out, maxBytes), end(err, maxBytes), "", truncated);
  }

  private static String end(String text, int maxBytes) {
    return text.substring(Math.max(0, text.length() - maxBytes));
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    for (PilotReference reference : references) {
      backEnd.cancel(reference);
      results.put(reference, new CancelResult.Cancelled());
    }
    return results;
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    backEnd.purge(references);
  }

  @Override
  public QueueInfo queueInfo() {
    return new QueueInfo(
        OptionalInt.of(backEnd.count(PilotState.WAITING)),
        OptionalInt.of(backEnd.count(PilotState.RUNNING)),
        OptionalInt.of(backEnd.freeSlots()));
  }

  @Override
  public void close() {
    // nothing is held
  }
}
