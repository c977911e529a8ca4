package org.spinor.it.tokens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.spinor.spi.Parameter;
import org.spinor.spi.RefusedException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/** Takes pilots for good, and writes down what the token says that it got for them. */
public final class TokenPlugin implements ComputingElementPlugin {
  /** Found by its name. */
  public TokenPlugin() {}

  @Override
  public String name() {
    return "Token";
  }

  @Override
  public String description() {
    return "Writes down the claims of its tokens.";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    return new Element(context);
  }

  private record Element(ComputingElementContext context) implements ComputingElement {
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
      String token =
          context
              .credentials()
              .token("compute.create compute.read", "https://" + context.name() + ":443")
              .value();
      byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
      for (PilotSubmission submission : submissions) {
        try {
          Files.writeString(
              context.stateFolder().resolve("claims-" + submission.vo()),
              new String(claims, StandardCharsets.UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
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
