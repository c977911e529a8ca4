package org.spinor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process of the benchmark with all that it starts; ends with the benchmark, however that ends.
 */
final class Child implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final Thread atExit = new Thread(this::end);

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * @param log what it says
   * @param environment on top of this process's own
   */
  static Child start(Path log, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Child child = new Child(builder.redirectOutput(log.toFile()).start(), log);
      Runtime.getRuntime().addShutdownHook(child.atExit);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program to its end. */
  static void run(Path log, List<String> command) {
    try (Child child = start(log, Map.of(), command)) {
      int code = child.process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(command.getFirst() + " ended with " + code + child.said());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("a program ended too early" + said());
    }
  }

  long pid() {
    return process.pid();
  }

  /** CPU time so far, with that of its living descendants. */
  long cpuMillis() {
    return cpuMillis(process.toHandle());
  }

  static long cpuMillis(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants())
        .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToLong(Duration::toMillis)
        .sum();
  }

  /** The end of what it said, for messages. */
  private String said() {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.toList();
      return ":\n" + String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
    } catch (IOException e) {
      return ": see " + log;
    }
  }

  private void end() {
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // On the way out: the hook does it again.
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      ServerUnderLoad.say("could not remove " + folder + ": " + e);
    }
  }
}
