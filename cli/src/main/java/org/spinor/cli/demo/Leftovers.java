package org.spinor.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;

/**
 * Processes that a demo could leave behind: pilots and payloads, known by the mark that the server
 * gives the environment of its local pilots, and the server of a demo that was killed itself.
 */
final class Leftovers {
  private static final String MARK = "SPINOR_DATA=";
  private static final Duration GRACE = Duration.ofSeconds(5);

  private Leftovers() {}

  /** Processes that carry the mark of this data folder; empty where the system does not tell. */
  static List<ProcessHandle> of(Path data) {
    String mark = MARK + data.toAbsolutePath().normalize();
    Path proc = Path.of("/proc");
    List<ProcessHandle> found = new ArrayList<>();
    if (!Files.isDirectory(proc)) {
      return found;
    }
    long self = ProcessHandle.current().pid();
    try (Stream<Path> processes = Files.list(proc)) {
      for (Path process : processes.toList()) {
        String name = process.getFileName().toString();
        if (name.matches("\\d+") && Long.parseLong(name) != self && carries(process, mark)) {
          ProcessHandle.of(Long.parseLong(name)).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  private static boolean carries(Path process, String mark) {
    try {
      byte[] environment = Files.readAllBytes(process.resolve("environ"));
      return List.of(new String(environment, StandardCharsets.UTF_8).split("\0", -1))
          .contains(mark);
    } catch (IOException e) {
      // it ended meanwhile, or belongs to somebody else
      return false;
    }
  }

  /**
   * Ends them: politely, then not.
   *
   * @return how many there were
   */
  static int end(Path data) {
    List<ProcessHandle> first = of(data);
    first.forEach(ProcessHandle::destroy);
    await(first);
    // a dying pilot may have let go of payloads that were not seen before
    for (int round = 0; round < 3; round++) {
      List<ProcessHandle> left = of(data);
      if (left.isEmpty()) {
        break;
      }
      left.forEach(ProcessHandle::destroyForcibly);
      await(left);
    }
    return first.size();
  }

  private static void await(List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      try {
        process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        // force comes next
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Notes that this demo runs on the folder. */
  static void remember(Path data) throws IOException {
    Files.writeString(note(data), ProcessHandle.current().pid() + "\n");
  }

  static void forget(Path data) throws IOException {
    Files.deleteIfExists(note(data));
  }

  /**
   * Stops the server of a demo that was killed before it could do that itself.
   *
   * @throws Failure a demo runs on the folder right now
   */
  static void stopOrphan(Path data) throws IOException {
    Optional<ProcessHandle> demo = read(note(data));
    Optional<ProcessHandle> server = read(data.resolve("server.lock"));
    if (!Files.exists(note(data)) || server.isEmpty()) {
      return;
    }
    if (demo.filter(Leftovers::isSpinor).isPresent()) {
      throw new Failure(
          ExitCode.FAILED,
          "a demo runs on " + data + " already (process " + demo.get().pid() + ")",
          "use that one, or give this one another folder with --data");
    }
    if (server.filter(Leftovers::isSpinor).isPresent()) {
      server.get().destroy();
      await(List.of(server.get()));
    }
    end(data);
  }

  private static boolean isSpinor(ProcessHandle process) {
    return process.info().commandLine().map(line -> line.contains("spinor.home")).orElse(true);
  }

  private static Path note(Path data) {
    return data.resolve("demo.pid");
  }

  private static Optional<ProcessHandle> read(Path file) throws IOException {
    try {
      String text = Files.readString(file).strip();
      return text.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(text)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
