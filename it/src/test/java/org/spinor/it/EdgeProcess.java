package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code spinor edge} as a process on some host; it can be killed and started again. */
final class EdgeProcess implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private final String host;
  private final Path folder;
  private final List<String> options;
  private @Nullable Process process;

  /**
   * @param host a network namespace; empty: this machine
   * @param folder for its state and what it says
   */
  EdgeProcess(String host, Path folder, String... options) {
    this.host = host;
    this.folder = folder;
    this.options = List.of(options);
    start();
  }

  /** Starts it and waits until it serves. */
  void start() {
    List<String> program =
        new ArrayList<>(
            List.of(
                JAVA.toString(),
                "-Xmx112m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                HOME.resolve("cli/target/cli.jar").toString(),
                "edge",
                "--state",
                folder.resolve("state").toString()));
    program.addAll(options);
    try {
      Files.deleteIfExists(log());
      process =
          new ProcessBuilder(Namespaces.command(host, program.toArray(String[]::new)))
              .redirectErrorStream(true)
              .redirectOutput(log().toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until(() -> "the edge serves: " + said(), Duration.ofMinutes(3), this::serves);
  }

  private boolean serves() {
    if (process == null || !process.isAlive()) {
      throw new AssertionError("the edge ended: " + said());
    }
    return said().contains(" serves ");
  }

  private Path log() {
    return folder.resolve("edge.out");
  }

  String said() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      return "";
    }
  }

  /** As a power cut would end it. */
  void killHard() {
    Process running = process;
    if (running != null) {
      Processes.signal(running.pid(), "KILL");
      Await.until("the edge is gone", Duration.ofMinutes(1), () -> !running.isAlive());
    }
  }

  @Override
  public void close() {
    killHard();
  }
}
