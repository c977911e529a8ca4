package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The control groups made for one payload, one in each hierarchy where the pilot may make them. No
 * process can leave them unnoticed, and they count those that ended. What is not counted, because
 * no hierarchy does it here, is empty.
 */
final class ControlGroup {
  private static final Pattern MICROSECONDS = Pattern.compile("(?m)^usage_usec (\\d{1,18})$");
  private static final Pattern NUMBER = Pattern.compile("(?m)^(\\d{1,18})$");

  /** Of version 2: what the kernel cannot take back from the processes. */
  private static final List<String> OF_VERSION_2 = List.of("anon", "shmem");

  /** The same of version 1; groups below included. */
  private static final List<String> OF_VERSION_1 = List.of("total_rss", "total_shmem");

  private final List<Path> folders;

  ControlGroup(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /** The folders, one in a line, as the guard wants them. */
  String lines() {
    return folders.stream().map(Path::toString).collect(Collectors.joining("\n"));
  }

  List<Long> processes() {
    return folders.stream().flatMap(folder -> processes(folder).stream()).distinct().toList();
  }

  static List<Long> processes(Path folder) {
    return text(folder.resolve("cgroup.procs")).lines().map(Long::valueOf).toList();
  }

  /** Whether a process runs in other groups, as those of a container. */
  boolean isLeftBy(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    String groups = text(process.resolve("cgroup"));
    boolean elsewhere =
        !groups.isEmpty()
            && folders.stream().noneMatch(folder -> groups.contains("/" + folder.getFileName()));
    // Asked last: the groups of one that has ended say nothing.
    return elsewhere && isAlive(text(process.resolve("stat")));
  }

  private static boolean isAlive(String stat) {
    return !stat.isEmpty() && ProcessInfo.parse(stat).alive();
  }

  /** CPU time of all that ever ran in it. */
  OptionalDouble cpuSeconds() {
    return cpuSeconds(all("cpu.stat") + all("cpuacct.usage"));
  }

  /**
   * @param counters {@code cpu.stat} of version 2, or {@code cpuacct.usage} of version 1, which are
   *     nanoseconds
   */
  static OptionalDouble cpuSeconds(String counters) {
    Matcher second = MICROSECONDS.matcher(counters);
    if (second.find()) {
      return OptionalDouble.of(Long.parseLong(second.group(1)) / 1e6);
    }
    Matcher first = NUMBER.matcher(counters);
    return first.find()
        ? OptionalDouble.of(Long.parseLong(first.group(1)) / 1e9)
        : OptionalDouble.empty();
  }

  /**
   * Memory that is the processes' own or shared between them, each page once; files that the kernel
   * keeps in memory as long as nobody needs the room are left out.
   */
  OptionalLong memoryBytes() {
    String counters = all("memory.stat");
    OptionalLong first = sum(counters, OF_VERSION_1);
    return first.isPresent() ? first : sum(counters, OF_VERSION_2);
  }

  private static OptionalLong sum(String counters, List<String> names) {
    long sum = 0;
    boolean found = false;
    for (String name : names) {
      Matcher matcher = Pattern.compile("(?m)^" + name + " (\\d{1,18})$").matcher(counters);
      if (matcher.find()) {
        sum += Long.parseLong(matcher.group(1));
        found = true;
      }
    }
    return found ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  /** The most memory that ever was in use, files that the kernel keeps included. */
  OptionalLong peakBytes() {
    return peakBytes(all("memory.peak") + all("memory.max_usage_in_bytes"));
  }

  static OptionalLong peakBytes(String counters) {
    Matcher matcher = NUMBER.matcher(counters);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  /** Ends all processes where the kernel does that by itself: version 2. */
  void kill() {
    for (Path folder : folders) {
      Path file = folder.resolve("cgroup.kill");
      try {
        if (Files.exists(file)) {
          Files.writeString(file, "1");
        }
      } catch (IOException e) {
        // gone already; each process is killed by its id too
      }
    }
  }

  /** Removes a group; one that is in use stays. */
  static void remove(Path group) {
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      // in use
    }
  }

  private String all(String file) {
    return folders.stream().map(folder -> text(folder.resolve(file))).collect(Collectors.joining());
  }

  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
