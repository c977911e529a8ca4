package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A machine that runs pilots by itself: the processes with its mark. It can be killed as by a power
 * cut and started again on the same state folder.
 */
final class MachineProcess implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private final String name;
  private final URI server;
  private final Path folder;
  private @Nullable Process process;

  MachineProcess(String name, URI server) {
    this.name = name;
    this.server = server;
    try {
      this.folder = Files.createTempDirectory(HOME.resolve("it/target"), "machine-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As documented for machines without Spinor: the server's bootstrap, and nothing else. */
  MachineProcess start(String... options) {
    try {
      Path script = folder.resolve("fetched.sh");
      Files.writeString(
          script, Api.anonymous(server).call("GET", "/pilot/bootstrap.sh", null).body());
      return start(List.of("sh", script.toString(), "run"), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By the command of a checkout. */
  MachineProcess startByCommand(String... options) {
    return start(
        List.of(
            JAVA.toString(),
            "-XX:TieredStopAtLevel=1",
            "-jar",
            HOME.resolve("cli/target/cli.jar").toString(),
            "pilots",
            "run"),
        options);
  }

  private MachineProcess start(List<String> program, String... options) {
    List<String> command = new ArrayList<>(program);
    command.addAll(
        List.of(
            "--server=" + server,
            "--state=" + folder.resolve("state"),
            "--name=" + name,
            "--stop-grace=2s"));
    command.addAll(List.of(options));
    command.addAll(List.of("--", "--idle=5s", "--cores=1", "--memory=1000"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
    builder.environment().put("SPINOR_TEST_MACHINE", folder.toString());
    builder
        .environment()
        .put("SPINOR_CACHE_DIR", HOME.resolve("it/target/machine-cache").toString());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private Path output() {
    return folder.resolve("output");
  }

  Path state() {
    return folder.resolve("state");
  }

  String said() {
    return read(output());
  }

  /** The log of its pilot, the newest one. */
  String pilotSaid() {
    return read(state().resolve("pilot.log"));
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void waitUntilSaid(String text) {
    Await.until(
        () -> name + " says '" + text + "'; it said " + said(),
        Duration.ofMinutes(2),
        () -> said().contains(text));
  }

  /** A file for its use. */
  Path file(String fileName, String text) {
    try {
      return Files.writeString(folder.resolve(fileName), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a power cut: it, its pilot, the jobs. */
  void killHard() {
    List<Long> all = Processes.withMark("SPINOR_TEST_MACHINE=" + folder);
    while (!all.isEmpty()) {
      all.forEach(pid -> Processes.signal(pid, "KILL"));
      all = Processes.withMark("SPINOR_TEST_MACHINE=" + folder);
    }
  }

  /** Itself alone: its pilot goes on. */
  void killAgent() {
    Process running = process();
    Processes.signal(running.pid(), "KILL");
    Await.until("it is gone", Duration.ofMinutes(1), () -> !running.isAlive());
  }

  /** As systemd would end it. */
  int terminate() {
    Process running = process();
    Processes.signal(running.pid(), "TERM");
    try {
      if (!running.waitFor(3, TimeUnit.MINUTES)) {
        throw new AssertionError("SIGTERM does not end it: " + said());
      }
      return running.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int exitCode() {
    try {
      if (!process().waitFor(3, TimeUnit.MINUTES)) {
        throw new AssertionError("it does not end: " + said());
      }
      return process().exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  @Override
  public void close() {
    killHard();
  }
}
