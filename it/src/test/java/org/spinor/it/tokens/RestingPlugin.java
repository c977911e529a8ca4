package org.spinor.it.tokens;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.spinor.spi.Parameter;
import org.spinor.spi.RefusedException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/** Takes pilots for good and starts none. */
abstract class RestingPlugin implements ComputingElementPlugin {
  private final String name;
  private final String description;

  RestingPlugin(String name, String description) {
    this.name = name;
    this.description = description;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public final List<Parameter> parameters() {
    return List.of();
  }

  /**
   * @param taken told of each submission
   */
  record Element(Consumer<List<PilotSubmission>> taken) implements ComputingElement {
    @Override
    public Set<Capability> capabilities() {
      return EnumSet.of(Capability.CANCEL);
    }

    @Override
    public List<String> validate(PilotSubmission submission) {
      return List.of();
    }

    @Override
    public List<SubmitResult> submit(List<PilotSubmission> submissions) {
      taken.accept(submissions);
      return submissions.stream()
          .<SubmitResult>map(
              submission ->
                  new SubmitResult.Accepted(
                      submission.stamp(), new PilotReference(submission.stamp())))
          .toList();
    }

    @Override
    public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
      return references.stream()
          .collect(
              Collectors.toMap(
                  reference -> reference, any -> PilotReport.of(PilotState.WAITING, "for good")));
    }

    @Override
    public PilotOutput output(PilotReference reference, int maxBytes) {
      throw new RefusedException("there is none");
    }

    @Override
    public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
      return references.stream()
          .collect(Collectors.toMap(reference -> reference, any -> new CancelResult.Cancelled()));
    }

    @Override
    public void purge(Collection<PilotReference> references) {
      // nothing is kept
    }

    @Override
    public QueueInfo queueInfo() {
      throw new RefusedException("not known");
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
