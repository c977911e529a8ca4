package org.spinor.it.tokens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;

/**
 * Takes pilots and starts none: lays each one's secret into a file of its stamp's name, for a test
 * that plays the pilot.
 */
public final class HandPlugin extends RestingPlugin {
  /** Found by its name. */
  public HandPlugin() {
    super("Hand", "Lays down the secrets of its pilots.");
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    Path folder = context.stateFolder();
    return new Element(submissions -> submissions.forEach(each -> layDown(folder, each)));
  }

  private static void layDown(Path folder, PilotSubmission submission) {
    String secret =
        submission.files().stream()
            .filter(PilotSubmission.InputFile::secret)
            .findFirst()
            .orElseThrow()
            .content();
    try {
      Files.createDirectories(folder);
      Path draft = Files.writeString(folder.resolve(submission.stamp() + ".new"), secret.strip());
      Files.move(draft, folder.resolve(submission.stamp()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
