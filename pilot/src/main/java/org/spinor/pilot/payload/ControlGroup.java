package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A control group (version 2) made for one payload below the pilot's own, where the pilot may do
 * that. No process can leave it unnoticed, and it counts the CPU time of those that ended. No
 * controllers are switched on in it.
 */
public final class ControlGroup {
  private static final String PREFIX = "spinor-";
  private static final Pattern USAGE = Pattern.compile("(?m)^usage_usec (\\d+)");

  private final Path folder;

  private ControlGroup(Path folder) {
    this.folder = folder;
  }

  /**
   * The folder of the pilot's own group, below which others may be made and processes moved into
   * them; empty where that is not allowed. Makes a trial.
   */
  public static Optional<Path> parent() throws InterruptedException {
    try {
      Optional<Path> own =
          own(
              Files.readString(Path.of("/proc/self/mountinfo")),
              Files.readString(Path.of("/proc/self/cgroup")));
      if (own.isPresent() && trial(own.get())) {
        sweep(own.get());
        return own;
      }
    } catch (IOException e) {
      // none, then
    }
    return Optional.empty();
  }

  /**
   * Removes what killed pilots left. A group with processes in it cannot be removed, and a young
   * one may be about to get its first.
   */
  private static void sweep(Path parent) throws IOException {
    Instant old = Instant.now().minus(Duration.ofMinutes(10));
    try (Stream<Path> below = Files.list(parent)) {
      for (Path group : below.filter(ControlGroup::isOurs).toList()) {
        if (Files.getLastModifiedTime(group).toInstant().isBefore(old)) {
          try {
            Files.deleteIfExists(group);
          } catch (IOException e) {
            // in use
          }
        }
      }
    }
  }

  private static boolean isOurs(Path group) {
    return group.getFileName().toString().startsWith(PREFIX);
  }

  /** The group's folder, from the lists of mounts and of this process's groups. */
  static Optional<Path> own(String mounts, String groups) {
    Matcher path = Pattern.compile("(?m)^0::(/.*)$").matcher(groups);
    if (!path.find()) {
      return Optional.empty();
    }
    for (String line : mounts.lines().toList()) {
      String[] parts = line.split(" ");
      // id, parent, device, root of the mount, where, options ... - type
      if (line.contains(" - cgroup2 ") && parts.length > 4) {
        String root = parts[3];
        String inside = path.group(1);
        if (root.equals("/") || inside.startsWith(root)) {
          String rest = root.equals("/") ? inside : inside.substring(root.length());
          return Optional.of(Path.of(parts[4] + rest));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean trial(Path parent) throws InterruptedException {
    Path folder = parent.resolve(PREFIX + "trial-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(folder);
      try {
        Process process =
            new ProcessBuilder("/bin/sh", "-c", "echo 0 >\"$0\"", folder + "/cgroup.procs")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0 && Files.isWritable(folder.resolve("cgroup.kill"));
      } finally {
        Files.delete(folder);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /** Makes the group of one payload. */
  static Optional<ControlGroup> create(Path parent, String mark) {
    try {
      return Optional.of(new ControlGroup(Files.createDirectory(parent.resolve(PREFIX + mark))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Path folder() {
    return folder;
  }

  List<Long> processes() {
    return read("cgroup.procs").lines().map(Long::valueOf).toList();
  }

  Optional<Double> cpuSeconds() {
    Matcher matcher = USAGE.matcher(read("cpu.stat"));
    return matcher.find() ? Optional.of(Long.parseLong(matcher.group(1)) / 1e6) : Optional.empty();
  }

  void kill() {
    try {
      Files.writeString(folder.resolve("cgroup.kill"), "1");
    } catch (IOException e) {
      // gone already; each process is killed by its id too
    }
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
