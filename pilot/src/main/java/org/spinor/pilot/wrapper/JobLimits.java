package org.spinor.pilot.wrapper;

import java.time.Duration;
import org.spinor.api.Assignment;
import org.spinor.pilot.node.Node;
import org.spinor.pilot.node.TimeLeft;

/** What one job may use, from its assignment, the node and the pilot's settings. */
final class JobLimits {
  private static final long MB = 1_000_000;

  private JobLimits() {}

  static Watchdog.Limits of(
      Assignment job,
      JobDescription description,
      Node node,
      WatchdogSettings settings,
      TimeLeft timeLeft) {
    Duration wall =
        job.wallSeconds() > 0 ? Duration.ofSeconds(job.wallSeconds()) : settings.maxWall();
    double cpuSeconds =
        settings.checkCpuLimit() && node.cpuPower() > 0
            ? job.cpuSeconds() / node.cpuPower() * (1 + settings.cpuMarginPercent() / 100)
            : 0;
    double memory =
        settings.checkMemory()
            ? job.memoryMb() * (1 + settings.memoryMarginPercent() / 100) * MB
            : 0;
    return new Watchdog.Limits(
        wall,
        cpuSeconds,
        (long) memory,
        diskMb(job, node, settings) * MB,
        settings.minFreeDiskMb() * MB,
        settings.cpuSample(),
        description.judgeProgress() ? settings.minCpuPercent() / 100 : 0,
        wrapUp(settings, timeLeft));
  }

  private static long diskMb(Assignment job, Node node, WatchdogSettings settings) {
    if (settings.jobDiskMb() > 0) {
      return settings.jobDiskMb();
    }
    return node.diskMb() * Math.min(job.cores(), node.cores()) / Math.max(1, node.cores());
  }

  /** At most a tenth of what the slot has left at the job's start: a short slot runs jobs too. */
  private static Duration wrapUp(WatchdogSettings settings, TimeLeft timeLeft) {
    return timeLeft
        .left()
        .map(left -> left.dividedBy(10))
        .filter(tenth -> tenth.compareTo(settings.wrapUp()) < 0)
        .orElse(settings.wrapUp());
  }
}
