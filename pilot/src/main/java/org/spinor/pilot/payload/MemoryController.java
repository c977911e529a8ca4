package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Switches the counting of memory on for the groups below one of version 2.
 *
 * <p>A group below which controllers are on may have no processes of its own. So what runs in it is
 * moved into one of its own beside the payloads', but only if all that is the pilot and those who
 * started it; where others are in there, memory stays uncounted.
 */
final class MemoryController {
  private static final String CONTROL = "cgroup.subtree_control";

  private final Kernel kernel;
  private final Set<Long> family;

  /** Takes what is written into a group's files. */
  @FunctionalInterface
  interface Kernel {
    void write(Path file, String text) throws IOException;
  }

  MemoryController() {
    this(
        (file, text) -> Files.writeString(file, text, StandardCharsets.ISO_8859_1),
        familyOf(ProcessHandle.current()));
  }

  /**
   * @param family the processes that may be moved
   */
  MemoryController(Kernel kernel, Set<Long> family) {
    this.kernel = kernel;
    this.family = Set.copyOf(family);
  }

  /** Who started this process, itself, and whom it started. */
  private static Set<Long> familyOf(ProcessHandle process) {
    Stream<ProcessHandle> ancestors =
        Stream.iterate(
                Optional.of(process),
                Optional::isPresent,
                one -> one.flatMap(ProcessHandle::parent))
            .flatMap(Optional::stream);
    return Stream.concat(ancestors, process.descendants())
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  void switchOn(Path parent) {
    if (!has(parent, "cgroup.controllers") || has(parent, CONTROL) || set(parent)) {
      return;
    }
    List<Long> processes = ControlGroup.processes(parent);
    if (family.containsAll(processes)) {
      ControlGroups.make(
              parent.resolve(ControlGroups.PREFIX + "pilot-" + ProcessHandle.current().pid()))
          .ifPresent(own -> moveAndSet(processes, parent, own));
    }
  }

  private void moveAndSet(Collection<Long> processes, Path parent, Path own) {
    processes.forEach(pid -> move(pid, own));
    if (!set(parent)) {
      processes.forEach(pid -> move(pid, parent));
      ControlGroup.remove(own);
    }
  }

  /** A process that has just ended is not moved; a group with one left is then refused. */
  private void move(long pid, Path group) {
    write(group.resolve("cgroup.procs"), Long.toString(pid));
  }

  private boolean set(Path parent) {
    return write(parent.resolve(CONTROL), "+memory");
  }

  private boolean write(Path file, String text) {
    try {
      kernel.write(file, text);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean has(Path group, String file) {
    return Arrays.asList(ControlGroup.text(group.resolve(file)).split("\\s+")).contains("memory");
  }
}
