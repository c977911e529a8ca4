package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.pilot.payload.ProcessTable.Entry;

/**
 * All processes of one payload, however they were started: those with its mark in their
 * environment, of its session, of its control group, the children of all these, and whatever was
 * once seen to be one of them. Thread-safe.
 */
public final class JobProcesses {
  private static final Pattern PROPORTIONAL = Pattern.compile("(?m)^Pss:\\s*(\\d+) kB");

  private final ProcessTable table;
  private final String mark;
  private final Optional<ControlGroup> group;

  /** Last seen of each, by pid. */
  private Map<Long, ProcessInfo> known = new HashMap<>();

  /** The guard, whose collected children count, and the payload's session once it is known. */
  private long guard;

  private long session;

  /** CPU ticks of processes that ended without a parent among these to collect them. */
  private long lostTicks;

  private double mostCpuSeconds;

  /** Whether a process was ever seen that is not in the control groups made for the payload. */
  private boolean outside;

  public JobProcesses(ProcessTable table, String mark, Optional<ControlGroup> group) {
    this.table = table;
    this.mark = mark;
    this.group = group;
  }

  /** The guard that started the payload. */
  synchronized void guard(long pid) {
    guard = pid;
  }

  /** The payload's first process, which began a session where the system can do that. */
  synchronized void session(long pid) {
    session = pid;
  }

  /** Looks at all processes and adds up. */
  public synchronized Usage usage() {
    Map<Long, Entry> all = table.recent();
    Map<Long, ProcessInfo> members = look(all);
    long ticks = lostTicks;
    long pages = 0;
    long virtualBytes = 0;
    int alive = 0;
    for (ProcessInfo member : members.values()) {
      ticks += member.ticks() + member.childTicks();
      pages += member.residentPages();
      virtualBytes += member.virtualBytes();
      alive += member.alive() ? 1 : 0;
    }
    Entry guardEntry = all.get(guard);
    ticks += guardEntry == null ? 0 : guardEntry.process().childTicks();
    double seconds = (double) ticks / table.ticksPerSecond();
    long bytes = pages * table.pageSize();
    if (group.isPresent()) {
      double counted = group.get().cpuSeconds().orElse(seconds);
      seconds = outside ? Math.max(counted, seconds) : counted;
      bytes = counted().orElse(bytes);
    }
    mostCpuSeconds = Math.max(mostCpuSeconds, seconds);
    return new Usage(alive, mostCpuSeconds, bytes, virtualBytes);
  }

  /**
   * Resident memory in which each page counts once: the control group's count, else that where a
   * page shared by n processes counts 1/n in each, which is slower to find. Where the system does
   * not tell, resident memory.
   */
  public synchronized long proportionalBytes() {
    Collection<ProcessInfo> members = look(table.recent()).values();
    OptionalLong counted = counted();
    return counted.isPresent() ? counted.getAsLong() : sumOfProportions(members);
  }

  /** Empty as well where a member is in other control groups, as those of a container. */
  private OptionalLong counted() {
    return group.isEmpty() || outside ? OptionalLong.empty() : group.get().memoryBytes();
  }

  private long sumOfProportions(Collection<ProcessInfo> members) {
    long kilobytes = 0;
    for (ProcessInfo member : members) {
      kilobytes +=
          proportional(member.pid()).orElse(member.residentPages() * table.pageSize() / 1024);
    }
    return kilobytes * 1024;
  }

  private static Optional<Long> proportional(long pid) {
    try {
      Matcher matcher =
          PROPORTIONAL.matcher(
              Files.readString(
                  Path.of("/proc/" + pid + "/smaps_rollup"), StandardCharsets.ISO_8859_1));
      return matcher.find() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Process ids alive now whose command line has a match. */
  public synchronized List<Long> matching(Pattern commandLine) {
    List<Long> found = new ArrayList<>();
    for (ProcessInfo member : living()) {
      try {
        String line =
            Files.readString(
                    Path.of("/proc/" + member.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                .replace('\0', ' ');
        if (commandLine.matcher(line).find()) {
          found.add(member.pid());
        }
      } catch (IOException e) {
        // it has just ended
      }
    }
    return found;
  }

  /**
   * Ends all processes: SIGTERM, then after the grace SIGKILL until none is left.
   *
   * @return false where some would not go within half a minute of SIGKILL (they hang in the kernel)
   */
  public boolean end(Duration grace) throws InterruptedException {
    long deadline = System.nanoTime() + grace.toNanos();
    List<ProcessInfo> left = living();
    signal(left, false);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(100);
      left = living();
    }
    deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      group.ifPresent(ControlGroup::kill);
      signal(left, true);
      Thread.sleep(50);
      left = living();
    }
    return left.isEmpty();
  }

  private static void signal(List<ProcessInfo> processes, boolean kill) {
    for (ProcessInfo process : processes) {
      ProcessHandle.of(process.pid()).ifPresent(handle -> send(handle, kill));
    }
  }

  private static void send(ProcessHandle handle, boolean kill) {
    if (kill) {
      handle.destroyForcibly();
    } else {
      handle.destroy();
    }
  }

  private synchronized List<ProcessInfo> living() {
    return look(table.now()).values().stream().filter(ProcessInfo::alive).toList();
  }

  private Map<Long, ProcessInfo> look(Map<Long, Entry> all) {
    Set<Long> inGroup = new HashSet<>(group.map(ControlGroup::processes).orElse(List.of()));
    Map<Long, ProcessInfo> members = new HashMap<>();
    for (Entry entry : all.values()) {
      ProcessInfo process = entry.process();
      ProcessInfo before = known.get(process.pid());
      boolean same = before != null && before.startTicks() == process.startTicks();
      boolean ours =
          same
              || entry.mark().equals(mark)
              || (session != 0 && process.session() == session)
              || inGroup.contains(process.pid());
      if (ours && process.pid() != guard) {
        members.put(process.pid(), process);
      }
    }
    addDescendants(all, members);
    countLost(members);
    outside =
        outside
            || group
                .filter(
                    made ->
                        members.keySet().stream()
                            .anyMatch(pid -> !inGroup.contains(pid) && made.isLeftBy(pid)))
                .isPresent();
    known = members;
    return members;
  }

  private static void addDescendants(Map<Long, Entry> all, Map<Long, ProcessInfo> members) {
    boolean grown = !members.isEmpty();
    while (grown) {
      grown = false;
      for (Entry entry : all.values()) {
        ProcessInfo process = entry.process();
        if (members.containsKey(process.parent())) {
          grown |= members.putIfAbsent(process.pid(), process) == null;
        }
      }
    }
  }

  /** An orphan's time is collected by the system's first process: keep what was seen of it. */
  private void countLost(Map<Long, ProcessInfo> members) {
    for (ProcessInfo before : known.values()) {
      ProcessInfo now = members.get(before.pid());
      boolean ended = now == null || now.startTicks() != before.startTicks();
      boolean collected = before.parent() == guard || members.containsKey(before.parent());
      if (ended && !collected) {
        lostTicks += before.ticks() + before.childTicks();
      }
    }
  }
}
