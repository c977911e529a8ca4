package org.spinor.plugins.computing.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.spinor.spi.TemporaryException;

/**
 * The processes of this host. Reads {@code /proc} where there is one, else asks {@code ps}; signals
 * go to whole groups.
 */
final class Processes {
  /** The variable that every process of a pilot inherits; its value is the pilot's folder. */
  static final String MARK = "SPINOR_LOCAL_PILOT";

  private static final Path PROC = Path.of("/proc");
  private static final boolean HAS_PROC = Files.isReadable(PROC.resolve("self/stat"));

  boolean isAlive(ProcessIdentity process) {
    boolean known = HAS_PROC && process.start().startsWith("proc ");
    return known ? isInProc(process) : isInPs(process);
  }

  private static boolean isInProc(ProcessIdentity process) {
    return stat(process.pid())
        .filter(stat -> !stat.isGone())
        .map(stat -> ("proc " + stat.start() + " " + bootId()).strip().equals(process.start()))
        .orElse(false);
  }

  private static boolean isInPs(ProcessIdentity process) {
    String answer =
        run(List.of("ps", "-o", "stat=,lstart=", "-p", Long.toString(process.pid()))).strip();
    String[] parts = answer.split("\\s+", 2);
    return parts.length == 2
        && !parts[0].startsWith("Z")
        && ("ps " + parts[1].strip()).equals(process.start());
  }

  private record Stat(char state, long session, String start) {
    /** Dead, and only not yet noticed by its parent. */
    boolean isGone() {
      return state == 'Z' || state == 'X';
    }
  }

  private static Optional<Stat> stat(long pid) {
    try {
      String line =
          Files.readString(
              PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] words = line.substring(line.lastIndexOf(')') + 2).strip().split(" ");
      return Optional.of(new Stat(words[0].charAt(0), Long.parseLong(words[3]), words[19]));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String bootId() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Sends a signal to the whole group of a pilot that lives. */
  void signalGroup(ProcessIdentity leader, String signal) {
    if (isAlive(leader)) {
      run(
          List.of(
              "sh",
              "-c",
              "kill -s \"$1\" -- \"-$2\" 2>/dev/null || kill -s \"$1\" \"$2\"",
              "sh",
              signal,
              Long.toString(leader.pid())));
    }
  }

  /**
   * Kills whatever is left of a pilot: processes of its session, and those that carry its mark
   * wherever they went. Without {@code /proc} only the group.
   */
  void killAll(PilotFolder folder) {
    Optional<ProcessIdentity> leader = folder.process();
    leader.ifPresent(process -> signalGroup(process, "KILL"));
    if (!HAS_PROC) {
      return;
    }
    List<Long> left = remains(folder, leader);
    // Whoever forks faster than one look sees is caught by the next.
    for (int round = 0; round < 20 && !left.isEmpty(); round++) {
      left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      left = remains(folder, leader);
    }
  }

  /** Whether anything of a pilot still runs. */
  boolean anyLeft(PilotFolder folder) {
    return HAS_PROC && !remains(folder, folder.process()).isEmpty();
  }

  private static List<Long> remains(PilotFolder folder, Optional<ProcessIdentity> leader) {
    byte[] mark = (MARK + "=" + folder.path()).getBytes(StandardCharsets.UTF_8);
    long session = leader.filter(Processes::holdsItsNumber).map(ProcessIdentity::pid).orElse(-1L);
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        Optional<Stat> stat = stat(pid).filter(found -> !found.isGone());
        if (stat.isPresent() && (stat.get().session() == session || carries(entry, mark))) {
          pids.add(pid);
        }
      }
    } catch (IOException e) {
      throw new TemporaryException("cannot look through /proc", e);
    }
    return pids;
  }

  /**
   * Whether the number of a session can only mean this one: while a session has members, nobody
   * else gets its leader's number.
   */
  private static boolean holdsItsNumber(ProcessIdentity leader) {
    return leader.start().endsWith(" " + bootId())
        && stat(leader.pid())
            .map(now -> leader.start().startsWith("proc " + now.start() + " "))
            .orElse(true);
  }

  private static boolean carries(Path entry, byte[] mark) {
    try {
      byte[] environment = Files.readAllBytes(entry.resolve("environ"));
      int matched = 0;
      boolean begin = true;
      for (byte b : environment) {
        if (b == 0) {
          if (begin && matched == mark.length) {
            return true;
          }
          begin = true;
          matched = 0;
        } else if (begin && matched < mark.length && b == mark[matched]) {
          matched++;
        } else {
          begin = false;
        }
      }
      return begin && matched == mark.length;
    } catch (IOException e) {
      // gone, or somebody else's
      return false;
    }
  }

  /** Starts a process that has nothing to do with this one any more. */
  void detach(List<String> command, Map<String, String> environment, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.start();
  }

  private static String run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new TemporaryException(command.getFirst() + " does not end");
      }
      return answer;
    } catch (IOException e) {
      throw new TemporaryException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted", e);
    }
  }
}
