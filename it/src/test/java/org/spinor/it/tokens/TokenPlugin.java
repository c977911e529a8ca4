package org.spinor.it.tokens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;

/** Takes pilots, and writes down what the token says that it got for them. */
public final class TokenPlugin extends RestingPlugin {
  /** Found by its name. */
  public TokenPlugin() {
    super("Token", "Writes down the claims of its tokens.");
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    return new Element(submissions -> writeDown(context, submissions));
  }

  private static void writeDown(
      ComputingElementContext context, List<PilotSubmission> submissions) {
    String token =
        context
            .credentials()
            .token("compute.create compute.read", "https://" + context.name() + ":443")
            .value();
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    for (PilotSubmission submission : submissions) {
      try {
        Path draft =
            Files.writeString(
                context.stateFolder().resolve(submission.stamp() + ".new"),
                new String(claims, StandardCharsets.UTF_8));
        Files.move(
            draft,
            context.stateFolder().resolve("claims-" + submission.vo()),
            StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
