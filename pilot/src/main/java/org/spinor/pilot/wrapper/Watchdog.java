package org.spinor.pilot.wrapper;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.spinor.api.MinorStatus;
import org.spinor.pilot.payload.Usage;

/** Judges what is measured of a payload. Times come with the measurements. */
final class Watchdog {

  /**
   * What this job may use; 0 means no limit.
   *
   * @param cpuSeconds real CPU seconds of all processes
   * @param minCpuFraction CPU time by wall-clock time below which there is no progress
   */
  record Limits(
      Duration wall,
      double cpuSeconds,
      long memoryBytes,
      long diskBytes,
      long minFreeBytes,
      Duration cpuSample,
      double minCpuFraction,
      Duration wrapUp) {}

  /**
   * One look at the payload.
   *
   * @param wall since its start
   * @param proportionalBytes asked only where resident memory is over the limit
   * @param diskBytes in the job's folders
   * @param freeBytes on their file system
   * @param slotLeft not negative; empty: the slot has no known end
   */
  record Look(
      Duration wall,
      Usage usage,
      LongSupplier proportionalBytes,
      long diskBytes,
      long freeBytes,
      Optional<Duration> slotLeft) {}

  private record Progress(Duration wall, double cpuSeconds) {}

  private final Limits limits;
  private final Deque<Progress> progress = new ArrayDeque<>();

  Watchdog(Limits limits) {
    this.limits = limits;
  }

  /** The first limit that is passed. */
  Optional<StopReason.OverLimit> judge(Look look) {
    return slot(look)
        .or(() -> wall(look))
        .or(() -> cpu(look))
        .or(() -> memory(look))
        .or(() -> disk(look))
        .or(() -> stalled(look));
  }

  private Optional<StopReason.OverLimit> slot(Look look) {
    return look.slotLeft()
        .filter(left -> left.isZero() || left.compareTo(limits.wrapUp()) < 0)
        .flatMap(
            left ->
                over(
                    MinorStatus.CPU_LIMIT,
                    String.format(
                        Locale.ROOT,
                        "the slot on the node ends in %d s, %d s are kept for the outputs",
                        left.toSeconds(),
                        limits.wrapUp().toSeconds())));
  }

  private Optional<StopReason.OverLimit> wall(Look look) {
    boolean limited = !limits.wall().isZero();
    return limited && look.wall().compareTo(limits.wall()) > 0
        ? over(
            MinorStatus.WALL_LIMIT,
            String.format(
                Locale.ROOT,
                "ran for %d s, allowed are %d s",
                look.wall().toSeconds(),
                limits.wall().toSeconds()))
        : Optional.empty();
  }

  private Optional<StopReason.OverLimit> cpu(Look look) {
    return limits.cpuSeconds() > 0 && look.usage().cpuSeconds() > limits.cpuSeconds()
        ? over(
            MinorStatus.CPU_LIMIT,
            String.format(
                Locale.ROOT,
                "used %.0f s of CPU time, allowed are %.0f s",
                look.usage().cpuSeconds(),
                limits.cpuSeconds()))
        : Optional.empty();
  }

  private Optional<StopReason.OverLimit> memory(Look look) {
    if (limits.memoryBytes() == 0 || look.usage().residentBytes() <= limits.memoryBytes()) {
      return Optional.empty();
    }
    long bytes = look.proportionalBytes().getAsLong();
    return bytes > limits.memoryBytes()
        ? over(
            MinorStatus.MEMORY_LIMIT,
            String.format(
                Locale.ROOT,
                "used %d MB of memory, allowed are %d MB",
                Math.ceilDiv(bytes, 1_000_000), // "used 5 MB, allowed are 5" would be no reason
                limits.memoryBytes() / 1_000_000))
        : Optional.empty();
  }

  private Optional<StopReason.OverLimit> disk(Look look) {
    if (look.freeBytes() < limits.minFreeBytes()) {
      return over(
          MinorStatus.DISK_SPACE,
          String.format(
              Locale.ROOT,
              "%d MB are free on the node's disk, %d MB must stay free",
              look.freeBytes() / 1_000_000,
              limits.minFreeBytes() / 1_000_000));
    }
    return limits.diskBytes() > 0 && look.diskBytes() > limits.diskBytes()
        ? over(
            MinorStatus.DISK_SPACE,
            String.format(
                Locale.ROOT,
                "wrote %d MB, allowed are %d MB",
                Math.ceilDiv(look.diskBytes(), 1_000_000),
                limits.diskBytes() / 1_000_000))
        : Optional.empty();
  }

  private Optional<StopReason.OverLimit> stalled(Look look) {
    if (limits.minCpuFraction() <= 0) {
      return Optional.empty();
    }
    progress.addLast(new Progress(look.wall(), look.usage().cpuSeconds()));
    Duration windowStart = look.wall().minus(limits.cpuSample());
    // keep the latest sample that is at least one window old
    while (progress.size() > 1 && !secondIsYoungerThan(windowStart)) {
      progress.removeFirst();
    }
    Progress before = progress.getFirst();
    if (before.wall().compareTo(windowStart) > 0) {
      return Optional.empty();
    }
    double seconds = look.wall().minus(before.wall()).toMillis() / 1000.0;
    double fraction = (look.usage().cpuSeconds() - before.cpuSeconds()) / seconds;
    return fraction < limits.minCpuFraction()
        ? over(
            MinorStatus.WATCHDOG_STALLED,
            String.format(
                Locale.ROOT,
                "used CPU time for %.1f %% of the last %.0f s, at least %.1f %% expected",
                fraction * 100,
                seconds,
                limits.minCpuFraction() * 100))
        : Optional.empty();
  }

  private boolean secondIsYoungerThan(Duration windowStart) {
    return progress.stream()
        .skip(1)
        .findFirst()
        .map(second -> second.wall().compareTo(windowStart) > 0)
        .orElse(true);
  }

  private static Optional<StopReason.OverLimit> over(String minorStatus, String detail) {
    return Optional.of(new StopReason.OverLimit(minorStatus, detail));
  }
}
