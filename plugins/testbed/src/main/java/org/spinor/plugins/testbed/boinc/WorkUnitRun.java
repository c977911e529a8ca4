package org.spinor.plugins.testbed.boinc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A work unit, from its submission to its end at a volunteer. All of it guarded by its own lock.
 */
final class WorkUnitRun {
  private static final int CANCELLED = 16;
  private static final int TOO_MANY_ERRORS = 2;

  final String name;
  final long batch;
  private final Path input;
  private @Nullable Process process;
  private boolean sent;
  private int errors;
  private @Nullable Integer exitCode;
  private byte[] output = new byte[0];
  private String stderr = "";

  WorkUnitRun(String name, long batch, Path input) {
    this.name = name;
    this.batch = batch;
    this.input = input;
  }

  /** Runs it to its end on this host. */
  void run(Volunteer host, Path slot) throws IOException, InterruptedException {
    Process started;
    synchronized (this) {
      if (errors != 0) {
        return;
      }
      Files.createDirectories(slot);
      Files.copy(input, slot.resolve("in"));
      ProcessBuilder builder = new ProcessBuilder(command(host)).directory(slot.toFile());
      Map<String, String> environment = builder.environment();
      environment.keySet().retainAll(List.of("PATH", "LANG"));
      environment.put("HOME", slot.toString());
      environment.put("TMPDIR", slot.toString());
      environment.putAll(host.environment());
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(slot.resolve("stderr.txt").toFile());
      started = builder.start();
      process = started;
      sent = true;
    }
    int code = started.waitFor();
    synchronized (this) {
      exitCode = code;
      stderr = Files.readString(slot.resolve("stderr.txt"));
      Path out = slot.resolve("out");
      if (errors == 0 && code == 0 && Files.isRegularFile(out)) {
        output = Files.readAllBytes(out);
      } else if (errors == 0) {
        errors = TOO_MANY_ERRORS;
      }
    }
  }

  private static List<String> command(Volunteer host) throws IOException, InterruptedException {
    List<String> named =
        List.of("unshare", "-ru", "sh", "-c", "hostname \"$0\"; exec sh ./in", host.name());
    return canNameHosts() ? named : List.of("sh", "./in");
  }

  /** Whether this system lets processes have a host name of their own. */
  static boolean canNameHosts() throws IOException, InterruptedException {
    try {
      Process attempt =
          new ProcessBuilder("unshare", "-ru", "hostname", "another")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return attempt.waitFor(10, TimeUnit.SECONDS) && attempt.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** As the client does it when the project has given a work unit up. */
  synchronized void abort() {
    errors |= CANCELLED;
    Process running = process;
    if (running != null) {
      List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
      running.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  synchronized String status() {
    if (isDone()) {
      return "DONE";
    }
    if (errors != 0) {
      return "ERROR";
    }
    return sent ? "IN_PROGRESS" : "UNSENT";
  }

  private boolean isDone() {
    return exitCode != null
        && exitCode == 0
        && (errors & TOO_MANY_ERRORS) == 0
        && output.length > 0;
  }

  synchronized int errors() {
    return errors;
  }

  synchronized boolean isOver() {
    return exitCode != null || errors != 0;
  }

  /** What {@code query_completed_job} says of it, with what PHP says where there is no result. */
  synchronized String ending() {
    StringBuilder text = new StringBuilder("<completed_job>\n");
    text.append("   <error_mask>").append(errors).append("</error_mask>\n");
    if (exitCode == null) {
      return text.append("<br />\n<b>Warning</b>:  Undefined variable $result<br />\n")
          .append("</completed_job>\n")
          .toString();
    }
    text.append(
        isDone()
            ? "   <canonical_resultid>77</canonical_resultid>\n"
            : "   <error_resultid>77</error_resultid>\n");
    return text.append("   <exit_status>")
        .append(exitCode)
        .append("</exit_status>\n   <elapsed_time>1</elapsed_time>\n   <cpu_time>1</cpu_time>\n")
        .append("   <stderr_out><![CDATA[\n")
        .append(stderr.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        .append("   ]]></stderr_out>\n</completed_job>\n")
        .toString();
  }

  synchronized byte[] output() {
    return output.clone();
  }

  synchronized void forgetOutput() {
    output = isDone() ? "\n".getBytes(java.nio.charset.StandardCharsets.UTF_8) : new byte[0];
  }
}
