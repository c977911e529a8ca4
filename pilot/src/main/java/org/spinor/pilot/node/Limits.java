package org.spinor.pilot.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel lets this process use: CPU affinity, and the limits of its control groups
 * (version 1 and 2), those of the groups above included.
 */
final class Limits {
  /** Above this a version 1 limit means none. */
  private static final long UNLIMITED = 1L << 60;

  private final Host host;

  Limits(Host host) {
    this.host = host;
  }

  /** Cores, at least 1: those the process may run on, cut by the CPU quota (rounded up). */
  int cores() {
    int allowed =
        host.file("/proc/self/status")
            .flatMap(status -> field(status, "Cpus_allowed_list"))
            .map(Limits::countList)
            .orElseGet(() -> Runtime.getRuntime().availableProcessors());
    OptionalLong milliCores = quotaMilliCores();
    if (milliCores.isPresent()) {
      long byQuota = (milliCores.getAsLong() + 999) / 1000;
      allowed = (int) Math.min(allowed, byQuota);
    }
    return Math.max(1, allowed);
  }

  /** Memory in bytes that the process may use: physical, cut by the groups' limits. */
  long memoryBytes() {
    long physical =
        host.file("/proc/meminfo")
            .flatMap(info -> field(info, "MemTotal"))
            .map(text -> Long.parseLong(text.replaceAll("\\D", "")) * 1024)
            .orElse(0L);
    long limit = UNLIMITED;
    for (String folder : folders("memory")) {
      for (String file : new String[] {"memory.max", "memory.limit_in_bytes"}) {
        limit = Math.min(limit, number(folder + "/" + file).orElse(UNLIMITED));
      }
    }
    return physical == 0 ? limit : Math.min(physical, limit);
  }

  private OptionalLong quotaMilliCores() {
    long least = Long.MAX_VALUE;
    for (String folder : folders("cpu")) {
      Optional<String> max = host.file(folder + "/cpu.max"); // "quota period" or "max period"
      if (max.isPresent() && max.get().matches("\\d+ \\d+")) {
        String[] parts = max.get().split(" ", -1);
        least = Math.min(least, Long.parseLong(parts[0]) * 1000 / Long.parseLong(parts[1]));
      }
      OptionalLong quota = number(folder + "/cpu.cfs_quota_us");
      OptionalLong period = number(folder + "/cpu.cfs_period_us");
      if (quota.isPresent() && quota.getAsLong() > 0 && period.orElse(0) > 0) {
        least = Math.min(least, quota.getAsLong() * 1000 / period.getAsLong());
      }
    }
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(1, least));
  }

  /** The folders of this process's group and of all above it, in both hierarchies. */
  private List<String> folders(String controller) {
    List<String> folders = new ArrayList<>();
    for (String line : host.file("/proc/self/cgroup").orElse("").lines().toList()) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        addWithAncestors(folders, "/sys/fs/cgroup", parts[2]);
        addWithAncestors(folders, "/sys/fs/cgroup/unified", parts[2]);
      } else if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller)) {
        addWithAncestors(folders, "/sys/fs/cgroup/" + controller, parts[2]);
      }
    }
    return folders;
  }

  private static void addWithAncestors(List<String> folders, String mount, String path) {
    String rest = path;
    while (rest.length() > 1) {
      folders.add(mount + rest);
      rest = rest.substring(0, Math.max(0, rest.lastIndexOf('/')));
    }
    folders.add(mount);
  }

  private OptionalLong number(String file) {
    return host.file(file)
        .filter(text -> text.matches("-?\\d{1,19}"))
        .map(text -> OptionalLong.of(text.length() > 18 ? UNLIMITED : Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private static Optional<String> field(String text, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + ":\\s*(.*)$").matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }

  /** How many numbers a list such as {@code 0-3,8,10-11} has. */
  static int countList(String list) {
    int count = 0;
    for (String part : list.split(",")) {
      String[] ends = part.strip().split("-", 2);
      count += ends.length == 2 ? Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1 : 1;
    }
    return count;
  }
}
