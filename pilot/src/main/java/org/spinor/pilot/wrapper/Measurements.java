package org.spinor.pilot.wrapper;

import java.time.Duration;
import org.spinor.api.HeartbeatData;
import org.spinor.pilot.payload.Usage;

/**
 * What was seen of a payload last.
 *
 * @param usage of its processes
 * @param peakBytes most resident memory seen
 * @param countedPeakBytes the most that its control group counted, files in memory included; 0: not
 *     counted
 * @param freeBytes on the file system of its folders
 * @param load the node's, over a minute; -1: unknown
 */
record Measurements(
    Duration wall,
    Usage usage,
    long peakBytes,
    long countedPeakBytes,
    long freeBytes,
    double load) {
  private static final double MB = 1e6;

  static final Measurements NONE = new Measurements(Duration.ZERO, Usage.NONE, 0, 0, 0, -1);

  HeartbeatData heartbeat(String tail) {
    return new HeartbeatData(
        load < 0 ? null : load,
        usage.residentBytes() / MB,
        usage.virtualBytes() / MB,
        freeBytes / MB,
        usage.cpuSeconds(),
        wall.toMillis() / 1000.0,
        tail);
  }
}
