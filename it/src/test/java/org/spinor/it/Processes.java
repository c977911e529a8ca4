package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Processes of this machine, found by what stands in their environment. */
public final class Processes {
  private Processes() {}

  /** An entry for the environment of one job: numbers of jobs are those of other servers, too. */
  static String newMark() {
    return "TEST_JOB=" + UUID.randomUUID();
  }

  /** Living processes whose environment has this entry. */
  static List<Long> withMark(String entry) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> environmentOf(pid).contains("\0" + entry + "\0"))
        .toList();
  }

  /** Processes with the mark whose command line has this text. */
  static List<Long> withMark(String entry, String commandText) {
    return withMark(entry).stream()
        .filter(pid -> commandLineOf(pid).contains(commandText))
        .toList();
  }

  static String commandLineOf(long pid) {
    return read(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
  }

  private static String environmentOf(long pid) {
    return "\0" + read(Path.of("/proc", Long.toString(pid), "environ")) + "\0";
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // The process ended while we looked.
      return "";
    }
  }

  static void signal(long pid, String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
