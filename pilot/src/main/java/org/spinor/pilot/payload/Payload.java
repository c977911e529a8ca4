package org.spinor.pilot.payload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running payload: its guard, its processes, its two output streams. */
public final class Payload {
  /** More than any step of the guard takes on a busy node. */
  private static final Duration STARTING = Duration.ofSeconds(10);

  private static final Pattern SHELL_TIME = Pattern.compile("(\\d+)m([0-9.]+)s");

  private final Process guard;
  private final CompletableFuture<Integer> exit;
  private final JobProcesses processes;
  private final Optional<ControlGroup> group;
  private final Path pidFile;
  private final List<Thread> readers;
  private final Duration grace;
  private long pid;

  private Payload(
      Process guard,
      JobProcesses processes,
      Optional<ControlGroup> group,
      Path pidFile,
      List<Thread> readers,
      Duration grace) {
    this.guard = guard;
    this.group = group;
    this.exit = guard.onExit().thenApply(Process::exitValue);
    this.processes = processes;
    this.pidFile = pidFile;
    this.readers = readers;
    this.grace = grace;
  }

  /**
   * What to run.
   *
   * @param guardScript as {@link #writeGuard} left it
   * @param command already wrapped by a {@link Containment}
   * @param environment the payload's whole environment, without the mark
   * @param mark unique on this machine
   * @param grace between SIGTERM and SIGKILL
   * @param groups where control groups may be made for it
   */
  public record Start(
      Path guardScript,
      List<String> command,
      Map<String, String> environment,
      JobFolders folders,
      String mark,
      Duration grace,
      ControlGroups groups) {
    public Start {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /** Writes the guard's script into a folder, for all payloads of this pilot. */
  public static Path writeGuard(Path folder) throws IOException {
    Path script = folder.resolve("guard.sh");
    try (InputStream text = Payload.class.getResourceAsStream("guard.sh")) {
      Files.copy(
          Objects.requireNonNull(text, "guard.sh is missing in the pilot's own files"),
          script,
          StandardCopyOption.REPLACE_EXISTING);
    }
    return script;
  }

  /**
   * Starts a payload.
   *
   * @param out takes its standard output
   * @param err takes its standard error; may be the same
   * @throws IOException if the guard cannot be started: the node's fault
   */
  public static Payload start(Start start, ProcessTable table, OutputCapture out, OutputCapture err)
      throws IOException {
    Optional<ControlGroup> group = start.groups().create(start.mark());
    Path pidFile = pidFile(start.folders());
    for (String ofAnEarlierStart : List.of("", ".times", ".cpu", ".peak")) {
      Files.deleteIfExists(Path.of(pidFile + ofAnEarlierStart));
    }
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid"); // what is sent to the pilot's process group spares the guard
    }
    command.addAll(List.of("/bin/sh", start.guardScript().toString(), start.mark()));
    command.add(Long.toString(start.grace().toSeconds()));
    command.add(group.map(ControlGroup::lines).orElse(""));
    command.add(pidFile.toString());
    command.addAll(start.command());
    ProcessBuilder builder = new ProcessBuilder(command).directory(start.folders().job().toFile());
    builder.environment().clear();
    builder.environment().putAll(start.environment());
    Process guard = builder.start();
    JobProcesses processes = new JobProcesses(table, start.mark(), group);
    processes.guard(guard.pid());
    List<Thread> readers =
        List.of(
            reader(guard.getInputStream(), out, "out " + start.mark()),
            reader(guard.getErrorStream(), err, "err " + start.mark()));
    return new Payload(guard, processes, group, pidFile, readers, start.grace());
  }

  private static Path pidFile(JobFolders folders) {
    return folders.control().resolve("payload.pid");
  }

  /** The name of a container, by which the guard removes what is left of it. */
  static String containerName(JobFolders folders) {
    return "spinor" + pidFile(folders).toString().replaceAll("[^A-Za-z0-9]", "-");
  }

  /** A platform thread: reading a pipe would hold the carrier of a virtual one. */
  private static Thread reader(InputStream stream, OutputCapture capture, String name) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              byte[] buffer = new byte[64 * 1024];
              try (stream) {
                for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                  capture.write(buffer, count);
                }
              } catch (IOException e) {
                // the pipe was closed under it
              }
            });
  }

  /** Done when the payload's first process has ended. */
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  /** The exit code after {@link #end}; empty where even the guard hangs. */
  public OptionalInt exitCode() {
    return guard.isAlive() ? OptionalInt.empty() : OptionalInt.of(guard.exitValue());
  }

  /** The payload's first process; 0 while it is not yet known. */
  public synchronized long pid() {
    if (pid == 0) {
      String text = read(pidFile).strip();
      pid = text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
      processes.session(pid);
    }
    return pid;
  }

  /** What it uses and has used. */
  public Usage usage() {
    pid();
    Usage usage = processes.usage();
    double left = ControlGroup.cpuSeconds(left("cpu")).orElse(0);
    double counted = Math.max(left, waitedSeconds());
    return counted > usage.cpuSeconds()
        ? new Usage(usage.processes(), counted, usage.residentBytes(), usage.virtualBytes())
        : usage;
  }

  /**
   * The most memory that it had at any moment, as its control group counts it: with the files that
   * the kernel kept for it; empty where that is not counted.
   */
  public OptionalLong peakBytes() {
    OptionalLong left = ControlGroup.peakBytes(left("peak"));
    return left.isPresent() || group.isEmpty() ? left : group.get().peakBytes();
  }

  public JobProcesses processes() {
    return processes;
  }

  /**
   * Ends every process of the payload and takes the last of its output.
   *
   * @return false where a process could not be ended
   */
  public boolean end() throws InterruptedException {
    long started = System.nanoTime() + STARTING.toNanos();
    while (pid() == 0 && guard.isAlive() && System.nanoTime() < started) {
      Thread.sleep(10); // before that its processes cannot be told from the guard's own
    }
    boolean none = processes.end(grace);
    if (!guard.waitFor(STARTING)) {
      closeGuardsInput();
      none = processes.end(Duration.ZERO) && guard.waitFor(STARTING);
    }
    for (Thread reader : readers) {
      reader.join(STARTING);
    }
    return none;
  }

  /** The guard then ends by itself whatever it finds. */
  private void closeGuardsInput() {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      // closed already
    }
  }

  /** Sends a signal to those of its processes whose command line matches. */
  public int signal(int number, Pattern commandLine) throws IOException, InterruptedException {
    List<Long> targets = processes.matching(commandLine);
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -\"$0\" \"$@\""));
    command.add(Integer.toString(number));
    targets.forEach(target -> command.add(target.toString()));
    if (!targets.isEmpty()) {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
    return targets.size();
  }

  /** What the guard wrote down at the payload's end, before its control group went. */
  private String left(String what) {
    return read(pidFile.resolveSibling("payload.pid." + what));
  }

  /** What the guard's shell has waited for, as its {@code times} prints it; second line. */
  private double waitedSeconds() {
    String[] lines = left("times").split("\n");
    if (lines.length < 2) {
      return 0;
    }
    Matcher matcher = SHELL_TIME.matcher(lines[1]);
    double seconds = 0;
    while (matcher.find()) {
      seconds += Long.parseLong(matcher.group(1)) * 60 + Double.parseDouble(matcher.group(2));
    }
    return seconds;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
