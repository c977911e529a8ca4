package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where this pilot may make control groups: below its own, in each hierarchy. Machines have one for
 * everything (version 2), one for each controller (version 1), or both.
 *
 * @param unified version 2: follows processes, ends them, counts CPU time, and memory where {@link
 *     MemoryController} could switch that on
 * @param memory version 1: counts memory
 * @param cpu version 1: counts CPU time; only where {@code unified} is empty
 */
public record ControlGroups(Optional<Path> unified, Optional<Path> memory, Optional<Path> cpu) {
  /** None may be made. */
  public static final ControlGroups NONE =
      new ControlGroups(Optional.empty(), Optional.empty(), Optional.empty());

  static final String PREFIX = "spinor-";

  /** Says whether groups may be made below one, and processes moved into them. */
  @FunctionalInterface
  interface Trial {
    boolean works(Path parent) throws InterruptedException;
  }

  /** Finds out by trying. */
  public static ControlGroups find() throws InterruptedException {
    try {
      ControlGroups groups =
          find(
              Files.readString(Path.of("/proc/self/mountinfo")),
              Files.readString(Path.of("/proc/self/cgroup")),
              ControlGroups::isOurs);
      for (Path parent : groups.parents().toList()) {
        sweep(parent);
      }
      groups.unified.ifPresent(new MemoryController()::switchOn);
      return groups;
    } catch (IOException e) {
      return NONE;
    }
  }

  /**
   * @param mounts as {@code /proc/self/mountinfo}
   * @param groups as {@code /proc/self/cgroup}
   */
  static ControlGroups find(String mounts, String groups, Trial trial) throws InterruptedException {
    Optional<Path> unified = usable(own(mounts, groups, ""), trial);
    Optional<Path> memory =
        usable(own(mounts, groups, "memory").filter(ControlGroups::limitsHoldBelow), trial);
    Optional<Path> cpu =
        unified.isPresent() ? Optional.empty() : usable(own(mounts, groups, "cpuacct"), trial);
    return new ControlGroups(unified, memory, cpu);
  }

  private static Optional<Path> usable(Optional<Path> parent, Trial trial)
      throws InterruptedException {
    return parent.isPresent() && trial.works(parent.get()) ? parent : Optional.empty();
  }

  /**
   * In version 1 a group's limit may be its own only: a payload in a group below would then escape
   * the slot's limit.
   */
  private static boolean limitsHoldBelow(Path parent) {
    return ControlGroup.text(parent.resolve("memory.use_hierarchy")).strip().equals("1");
  }

  /**
   * The folder of this process's group.
   *
   * @param controller of version 1; empty: version 2
   */
  static Optional<Path> own(String mounts, String groups, String controller) {
    boolean second = controller.isEmpty();
    for (String line : groups.lines().toList()) {
      // number, controllers, path
      String[] group = line.split(":", 3);
      boolean ours =
          group.length == 3
              && (second ? group[1].isEmpty() : listed(group[1], controller))
              && group[2].startsWith("/");
      if (ours) {
        return mounts
            .lines()
            .filter(mount -> isOf(mount, controller))
            .flatMap(mount -> inside(mount, group[2]).stream())
            .findFirst();
      }
    }
    return Optional.empty();
  }

  /** The options of the file system, at the line's end, name the controllers of version 1. */
  private static boolean isOf(String mount, String controller) {
    return controller.isEmpty()
        ? mount.contains(" - cgroup2 ")
        : mount.contains(" - cgroup ")
            && listed(mount.substring(mount.lastIndexOf(' ') + 1), controller);
  }

  private static boolean listed(String names, String name) {
    return Arrays.asList(names.split(",")).contains(name);
  }

  private static Optional<Path> inside(String mount, String group) {
    // id, parent, device, root of the mount, where, options ...
    String[] parts = mount.split(" ");
    if (parts.length < 5) {
      return Optional.empty();
    }
    String root = parts[3].equals("/") ? "" : parts[3];
    return group.equals(root) || group.startsWith(root + "/")
        ? Optional.of(Path.of(parts[4] + group.substring(root.length())))
        : Optional.empty();
  }

  private static boolean isOurs(Path parent) throws InterruptedException {
    Path folder = parent.resolve(PREFIX + "trial-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(folder);
      try {
        Process process =
            new ProcessBuilder("/bin/sh", "-c", "echo 0 >\"$0\"", folder + "/cgroup.procs")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean second = Files.exists(folder.resolve("cgroup.controllers"));
        return process.waitFor() == 0
            && (!second || Files.isWritable(folder.resolve("cgroup.kill")));
      } finally {
        Files.delete(folder);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Removes what killed pilots left. A group with processes in it cannot be removed, and a young
   * one may be about to get its first.
   */
  private static void sweep(Path parent) throws IOException {
    Instant old = Instant.now().minus(Duration.ofMinutes(10));
    try (Stream<Path> below = Files.list(parent)) {
      for (Path group :
          below.filter(path -> path.getFileName().toString().startsWith(PREFIX)).toList()) {
        if (Files.getLastModifiedTime(group).toInstant().isBefore(old)) {
          ControlGroup.remove(group);
        }
      }
    }
  }

  Stream<Path> parents() {
    return Stream.of(unified, memory, cpu).flatMap(Optional::stream);
  }

  /** What the log says of it. */
  public String describe() {
    List<String> parents = parents().map(Path::toString).toList();
    return parents.isEmpty()
        ? "control groups cannot be made here; payloads are followed by their processes"
        : "each payload gets a control group below " + String.join(" and ", parents);
  }

  /** Makes the groups of one payload; empty where none can be made. */
  Optional<ControlGroup> create(String mark) {
    List<Path> made =
        parents().flatMap(parent -> make(parent.resolve(PREFIX + mark)).stream()).toList();
    return made.isEmpty() ? Optional.empty() : Optional.of(new ControlGroup(made));
  }

  static Optional<Path> make(Path folder) {
    try {
      return Optional.of(Files.createDirectory(folder));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
