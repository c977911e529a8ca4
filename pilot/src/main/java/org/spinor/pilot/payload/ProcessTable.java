package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The processes of this machine and which job's mark each carries. One snapshot serves all jobs of
 * the pilot for a moment. Thread-safe.
 */
public final class ProcessTable {
  /** The variable by which a payload's processes are known. */
  public static final String MARK = "SPINOR_MARK";

  private static final Path PROC = Path.of("/proc");
  private static final byte[] MARK_START = (MARK + "=").getBytes(StandardCharsets.ISO_8859_1);

  /** A process older than this, seen without a mark, will not get one any more by an exec. */
  private static final long SETTLED_TICKS = 1000;

  private static final Duration RECENT = Duration.ofSeconds(1);

  private final int ticksPerSecond;
  private final int pageSize;
  private Map<Identity, String> marks = new HashMap<>();
  private Map<Long, Entry> snapshot = Map.of();
  private long takenAt;

  /** A process id may be given again; with the start time it is unique. */
  private record Identity(long pid, long startTicks) {}

  /**
   * @param mark empty: none
   */
  record Entry(ProcessInfo process, String mark) {}

  public ProcessTable() {
    this.ticksPerSecond = configured("CLK_TCK", 100);
    this.pageSize = configured("PAGESIZE", 4096);
  }

  int ticksPerSecond() {
    return ticksPerSecond;
  }

  int pageSize() {
    return pageSize;
  }

  /** All processes by id, as they were a second ago or later. */
  Map<Long, Entry> recent() {
    return since(System.nanoTime() - RECENT.toNanos());
  }

  /** All processes by id as they are now; what starts meanwhile may be missing. */
  Map<Long, Entry> now() {
    return since(System.nanoTime());
  }

  /** Whoever waits here for another's snapshot gets that one, if it began late enough. */
  private synchronized Map<Long, Entry> since(long nanos) {
    if (snapshot.isEmpty() || takenAt - nanos < 0) {
      takenAt = System.nanoTime();
      snapshot = take();
    }
    return snapshot;
  }

  private Map<Long, Entry> take() {
    Map<Long, Entry> taken = new HashMap<>();
    Map<Identity, String> seen = new HashMap<>();
    long newest = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path folder : folders) {
        Optional<ProcessInfo> found = read(folder);
        if (found.isPresent()) {
          ProcessInfo process = found.get();
          newest = Math.max(newest, process.startTicks());
          String mark = mark(folder, process, seen, newest);
          taken.put(process.pid(), new Entry(process, mark));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // no /proc: nothing is known of any process, the guard alone ends them
      return Map.of();
    }
    marks = seen;
    return Map.copyOf(taken);
  }

  private String mark(
      Path folder, ProcessInfo process, Map<Identity, String> seen, long newestTicks) {
    Identity identity = new Identity(process.pid(), process.startTicks());
    String known = marks.get(identity);
    String mark = known != null ? known : markIn(environment(folder));
    boolean settled = newestTicks - process.startTicks() > SETTLED_TICKS;
    if (!mark.isEmpty() || settled) {
      seen.put(identity, mark);
    }
    return mark;
  }

  private static Optional<ProcessInfo> read(Path folder) {
    try {
      return Optional.of(
          ProcessInfo.parse(Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // it has just ended
    }
  }

  private static byte[] environment(Path folder) {
    try {
      return Files.readAllBytes(folder.resolve("environ"));
    } catch (IOException e) {
      return new byte[0]; // another user's, or ended
    }
  }

  static String markIn(byte[] environment) {
    int start = 0;
    while (start < environment.length) {
      int end = start;
      while (end < environment.length && environment[end] != 0) {
        end++;
      }
      if (startsWithMark(environment, start, end)) {
        int from = start + MARK_START.length;
        return new String(environment, from, end - from, StandardCharsets.ISO_8859_1);
      }
      start = end + 1;
    }
    return "";
  }

  private static boolean startsWithMark(byte[] text, int start, int end) {
    if (end - start < MARK_START.length) {
      return false;
    }
    for (int i = 0; i < MARK_START.length; i++) {
      if (text[start + i] != MARK_START[i]) {
        return false;
      }
    }
    return true;
  }

  private static int configured(String name, int otherwise) {
    try {
      Process process = new ProcessBuilder("getconf", name).redirectErrorStream(true).start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).strip();
      return answer.matches("\\d{1,9}") ? Integer.parseInt(answer) : otherwise;
    } catch (IOException e) {
      return otherwise;
    }
  }
}
