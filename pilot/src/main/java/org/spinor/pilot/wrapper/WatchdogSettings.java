package org.spinor.pilot.wrapper;

import java.time.Duration;

/**
 * The watchdog's thresholds; the defaults are DIRAC's where DIRAC has one.
 *
 * @param poll how often everything is looked at; default 10 s
 * @param maxWall wall-clock limit of a job that has none of its own; default 3 days
 * @param minFreeDiskMb space that must stay free where jobs run, MB; default 10
 * @param jobDiskMb what a job may write, MB; 0 (default): its share of the node by cores
 * @param cpuSample time over which progress is judged; default 30 min
 * @param minCpuPercent less CPU time than this part of the wall-clock time is no progress; 0: never
 *     judged; default 5
 * @param checkCpuLimit whether the job's CPU limit is enforced; default no, as in DIRAC
 * @param cpuMarginPercent how far it may be passed; default 20
 * @param checkMemory whether the job's memory is enforced; default yes: jobs run side by side
 * @param memoryMarginPercent how far it may be passed; default 10
 * @param wrapUp time kept at the end of the slot for outputs and reports; default 1500 s, at most a
 *     tenth of the slot
 */
public record WatchdogSettings(
    Duration poll,
    Duration maxWall,
    long minFreeDiskMb,
    long jobDiskMb,
    Duration cpuSample,
    double minCpuPercent,
    boolean checkCpuLimit,
    double cpuMarginPercent,
    boolean checkMemory,
    double memoryMarginPercent,
    Duration wrapUp) {

  public static WatchdogSettings defaults() {
    return new WatchdogSettings(
        Duration.ofSeconds(10),
        Duration.ofDays(3),
        10,
        0,
        Duration.ofMinutes(30),
        5,
        false,
        20,
        true,
        10,
        Duration.ofSeconds(1500));
  }
}
