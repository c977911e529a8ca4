package org.spinor.pilot;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.spinor.pilot.fake.FakePilots;
import org.spinor.pilot.fake.FakeServer;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.log.LogSpool;
import org.spinor.pilot.node.Host;

/** Runs pilots against a fake server: inside this process, or as processes of their own. */
final class PilotBench implements AutoCloseable {
  final FakeServer server = new FakeServer();
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();

  PilotBench(Path folder) throws IOException {
    this.folder = folder;
  }

  /** The options every test needs; later ones of the same name do not count. */
  List<String> options(String... more) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), FakePilots.SECRET + "\n");
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(
        List.of(
            "--server=" + server.uri(),
            "--stamp=stamp1",
            "--secret-file=" + secret,
            "--work-dir=" + folder.resolve("work"),
            "--cache-dir=" + folder,
            "--cpu-power=20",
            "--cores=4",
            "--memory=8150",
            "--idle=1s",
            "--heartbeat=1s",
            "--retry-pause=1s",
            "--kill-grace=1s",
            "--check-interval=1s",
            "--isolation=none",
            "--stop-grace=1s"));
    return options;
  }

  /** A pilot in this process; completed with its exit code. */
  Inside start(String... more) throws IOException {
    PilotSettings settings = PilotSettings.of(OptionValues.read(options(more), Map.of()));
    Files.createDirectories(settings.place().workDir());
    LogSpool spool =
        new LogSpool(
            settings.place().workDir().resolve("pilot.log"),
            settings.place().logLimitBytes(),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    Log log = new Log("pilot", InstantSource.system(), spool);
    Pilot pilot = new Pilot(settings, FakePilots.SECRET, Host.real(), spool, log, "test");
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                code.complete(pilot.run());
              } catch (InterruptedException | RuntimeException e) {
                code.completeExceptionally(e);
              }
            });
    return new Inside(pilot, spool, code);
  }

  record Inside(Pilot pilot, LogSpool spool, CompletableFuture<Integer> future) {
    int code() throws Exception {
      return future.get(120, TimeUnit.SECONDS);
    }
  }

  /** A pilot as a process of its own, from the class path of this one. */
  Process spawn(String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(PilotMain.class.getName());
    command.addAll(options(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pilot.out").toFile())
            .start();
    processes.add(process);
    return process;
  }

  String jdl(String script, String... more) {
    String sandbox = server.sandboxes().store(Map.of("run.sh", "#!/bin/sh\n" + script + "\n"));
    return "Executable = \"run.sh\"; InputSandbox = \"" + sandbox + "\"; " + String.join(" ", more);
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    server.close();
  }
}
