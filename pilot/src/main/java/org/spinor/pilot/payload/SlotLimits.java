package org.spinor.pilot.payload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options by which Podman gives containers the limits on open files and processes that this process
 * has. Its own are higher, which it may not set where the slot is a container itself.
 */
final class SlotLimits {
  /** Podman sets no higher one for itself, and children can have no more. */
  private static final long MOST_FILES = 1_048_576;

  private SlotLimits() {}

  static List<String> forPodman() {
    return forPodman(
        ControlGroup.text(Path.of("/proc/self/limits")),
        ControlGroup.text(Path.of("/proc/sys/kernel/pid_max")).strip());
  }

  /**
   * @param limits as {@code /proc/self/limits}
   * @param mostProcesses highest process number; Podman lets itself have no more processes
   */
  static List<String> forPodman(String limits, String mostProcesses) {
    List<String> options = new ArrayList<>();
    hard(limits, "Max open files")
        .ifPresent(files -> options.add(option("nofile", Math.min(files, MOST_FILES))));
    if (mostProcesses.matches("\\d{1,9}")) {
      long most = Long.parseLong(mostProcesses);
      hard(limits, "Max processes")
          .ifPresent(processes -> options.add(option("nproc", Math.min(processes, most))));
    }
    return options;
  }

  private static String option(String name, long limit) {
    return "--ulimit=" + name + "=" + limit + ":" + limit;
  }

  private static OptionalLong hard(String limits, String name) {
    Matcher matcher =
        Pattern.compile("(?m)^" + name + "\\s+\\S+\\s+(\\d{1,18}|unlimited)\\s").matcher(limits);
    if (!matcher.find()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        matcher.group(1).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(matcher.group(1)));
  }
}
