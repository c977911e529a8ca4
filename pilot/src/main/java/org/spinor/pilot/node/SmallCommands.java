package org.spinor.pilot.node;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs commands that answer in seconds; one that hangs (a dead batch server) is ended. */
final class SmallCommands implements Host.Commands {
  private static final int LIMIT_SECONDS = 20;

  @Override
  public Optional<String> run(List<String> command) {
    try {
      Path out = Files.createTempFile("spinor-command", ".out");
      try {
        return run(command, out);
      } finally {
        Files.deleteIfExists(out);
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<String> run(List<String> command, Path out)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return Optional.empty();
    }
    return process.exitValue() == 0
        ? Optional.of(Files.readString(out, StandardCharsets.ISO_8859_1).strip())
        : Optional.empty();
  }
}
