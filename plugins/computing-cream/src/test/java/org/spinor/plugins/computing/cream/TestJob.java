package org.spinor.plugins.computing.cream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job of the stand-in: its states, one after the other, and the process that it is in the end.
 * What CREAM does to a command line on its way through wrapper, Perl and shells is done here too.
 */
final class TestJob {
  private static final Pattern ATTRIBUTE =
      Pattern.compile("^(\\w+) = (?:\"([^\"]*)\"|(\\w+));$", Pattern.MULTILINE);

  final String id;
  final String jdl;
  final String delegation;
  private final Path folder;
  private final List<String> states = new ArrayList<>(List.of("REGISTERED"));
  private String exitCode = "";
  private String reason = "";
  private @Nullable Process process;

  TestJob(String id, String jdl, String delegation, Path folder) {
    this.id = id;
    this.jdl = jdl;
    this.delegation = delegation;
    this.folder = folder;
  }

  synchronized String state() {
    return states.getLast();
  }

  synchronized List<String> states() {
    return List.copyOf(states);
  }

  synchronized String exitCode() {
    return exitCode;
  }

  synchronized String reason() {
    return reason;
  }

  String attribute(String name) {
    Matcher matcher = ATTRIBUTE.matcher(jdl);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      }
    }
    return "";
  }

  /** A state that somebody looking from outside puts it into. */
  synchronized void put(String state, String why) {
    states.add(state);
    reason = why;
  }

  /** Through the states of a batch system, and runs. */
  synchronized void start(String proxy, Path authorities) {
    if (!state().equals("REGISTERED")) {
      return;
    }
    states.addAll(List.of("PENDING", "IDLE", "RUNNING"));
    try {
      Files.createDirectories(folder);
      Path proxyFile = folder.resolve("proxy.pem");
      Files.createFile(
          proxyFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(proxyFile, proxy);
      Path work = Files.createDirectories(folder.resolve(id));
      String line =
          "\""
              + attribute("Executable")
              + "\" "
              + attribute("Arguments")
              + "$*  > /dev/null  2> /dev/null";
      String quoted = line.replace("\"", "\\\"").replace("$", "\\$");
      Path wrapper = folder.resolve("wrapper.sh");
      Files.writeString(
          wrapper,
          "cmd=\"" + quoted + "\"\nperl -e 'exec(@ARGV); exit(127);' \"${cmd}\"\nexit $?\n");
      ProcessBuilder builder = new ProcessBuilder("setsid", "bash", wrapper.toString());
      builder.directory(work.toFile()).redirectErrorStream(true);
      builder.redirectOutput(folder.resolve("wrapper.log").toFile());
      builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
      builder.environment().put("X509_USER_PROXY", proxyFile.toString());
      builder.environment().put("X509_CERT_DIR", authorities.toString());
      Process started = builder.start();
      process = started;
      states.add("REALLY-RUNNING");
      Future<?> _ = started.onExit().thenAccept(ended -> end(ended.exitValue()));
    } catch (IOException e) {
      put("ABORTED", e.toString());
    }
  }

  private synchronized void end(int code) {
    if (state().equals("REALLY-RUNNING")) {
      states.add("DONE-OK");
      exitCode = Integer.toString(code);
    }
  }

  synchronized void cancel() {
    if (List.of("REGISTERED", "IDLE", "HELD", "RUNNING", "REALLY-RUNNING").contains(state())) {
      put("CANCELLED", "Cancelled by user");
      kill();
    }
  }

  /** Ends its processes; its pilots' too. */
  synchronized void kill() {
    Process running = process;
    if (running != null && running.isAlive()) {
      try {
        new ProcessBuilder("kill", "-KILL", "--", "-" + running.pid()).start().waitFor();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Command lines of its processes, as others on the node see them. */
  static String commandLines() {
    StringBuilder lines = new StringBuilder();
    ProcessHandle.allProcesses()
        .forEach(
            one -> {
              try {
                lines.append(
                    new String(
                        Files.readAllBytes(Path.of("/proc/" + one.pid() + "/cmdline")),
                        StandardCharsets.UTF_8));
              } catch (IOException e) {
                // ended
              }
            });
    return lines.toString();
  }
}
