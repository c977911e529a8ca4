package org.spinor.pilot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The pilot of a machine: a process that may outlive whoever started it. It is written down, so
 * that a machine that was killed and started again finds it.
 */
final class PilotChild {
  private final ProcessHandle process;
  private final String stamp;

  private PilotChild(ProcessHandle process, String stamp) {
    this.process = process;
    this.stamp = stamp;
  }

  String stamp() {
    return stamp;
  }

  /**
   * @param record file that says which process it is
   */
  static PilotChild start(ProcessBuilder builder, String stamp, Path record) throws IOException {
    ProcessHandle process = builder.start().toHandle();
    String began = process.info().startInstant().map(Instant::toString).orElse("");
    Files.writeString(record, process.pid() + "\n" + began + "\n" + stamp + "\n");
    return new PilotChild(process, stamp);
  }

  /** The one that is written down, where it still runs. */
  static Optional<PilotChild> leftover(Path record) throws IOException {
    if (!Files.exists(record)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(record);
    if (lines.size() < 3 || !lines.getFirst().matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(lines.getFirst()))
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(Instant::toString)
                    .filter(lines.get(1)::equals)
                    .isPresent())
        .map(process -> new PilotChild(process, lines.get(2)));
  }

  /** Whether it ended within this time. */
  boolean endsWithin(Duration time) throws InterruptedException {
    try {
      ProcessHandle ended = process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
      return !ended.isAlive();
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tells it to end: it gives its jobs back. */
  void terminate() {
    process.destroy();
  }

  void kill() {
    process.destroyForcibly();
  }

  /** The last line of its log that says why it ended. */
  static String lastWord(Path log) {
    @Nullable String last = null;
    try {
      for (String line : Files.readAllLines(log)) {
        if (line.contains("the pilot ends: ") || line.contains(" ERROR ")) {
          last = line;
        }
      }
    } catch (IOException e) {
      return "";
    }
    return last == null ? "" : last.replaceFirst("^\\S+ +\\S+ +\\[[^]]*] +", "");
  }
}
