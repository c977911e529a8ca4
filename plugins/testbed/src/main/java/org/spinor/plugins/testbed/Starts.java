package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.spinor.spi.computing.PilotSubmission;

/** Counts how often pilots were really started: each writes its stamp into a file. */
public record Starts(Path file) {
  public PilotSubmission counted(PilotSubmission pilot) {
    return new PilotSubmission(
        pilot.stamp(),
        pilot.vo(),
        "echo " + pilot.stamp() + " >>" + file + "\n" + pilot.script(),
        pilot.environment(),
        pilot.files(),
        pilot.size());
  }

  public List<String> all() {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int of(String stamp) {
    return (int) all().stream().filter(stamp::equals).count();
  }
}
