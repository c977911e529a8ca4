package org.spinor.server.provisioning;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spinor.server.pilots.Pilots;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;
import org.spinor.spi.testkit.InMemoryBackEnd;

/** Elements in memory that show a token with each call, as those of grid sites do. */
public final class AskingPlugin implements ComputingElementPlugin {
  /** One call: the token shown, and the VOs or references it was about. */
  public record Call(String token, Set<String> about) {}

  public final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<Pilots.Queue, InMemoryBackEnd> backEnds = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "Asking";
  }

  @Override
  public String description() {
    return "Shows tokens.";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    return new Element(context, backEnd(context).element());
  }

  private InMemoryBackEnd backEnd(ComputingElementContext context) {
    return backEnds.computeIfAbsent(
        new Pilots.Queue(context.site(), context.name(), context.queue()),
        any -> new InMemoryBackEnd());
  }

  private final class Element implements ComputingElement {
    private final ComputingElementContext context;
    private final ComputingElement inner;

    Element(ComputingElementContext context, ComputingElement inner) {
      this.context = context;
      this.inner = inner;
    }

    private void show(String scope, Collection<String> about) {
      String token =
          context.credentials().token(scope, "https://" + context.name() + ":443").value();
      calls.add(new Call(token, Set.copyOf(about)));
    }

    @Override
    public Set<Capability> capabilities() {
      return inner.capabilities();
    }

    @Override
    public List<String> validate(PilotSubmission submission) {
      return inner.validate(submission);
    }

    @Override
    public List<SubmitResult> submit(List<PilotSubmission> submissions) {
      show("compute.create", submissions.stream().map(PilotSubmission::vo).distinct().toList());
      return inner.submit(submissions);
    }

    @Override
    public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
      show("compute.read", references.stream().map(PilotReference::value).toList());
      return inner.status(references);
    }

    @Override
    public PilotOutput output(PilotReference reference, int maxBytes) {
      return inner.output(reference, maxBytes);
    }

    @Override
    public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
      show("compute.cancel", references.stream().map(PilotReference::value).toList());
      return inner.cancel(references);
    }

    @Override
    public void purge(Collection<PilotReference> references) {
      inner.purge(references);
    }

    @Override
    public QueueInfo queueInfo() {
      return inner.queueInfo();
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
