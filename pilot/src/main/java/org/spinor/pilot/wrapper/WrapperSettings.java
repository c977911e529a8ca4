package org.spinor.pilot.wrapper;

import java.time.Duration;

/**
 * How the wrapper works.
 *
 * @param killGrace between SIGTERM and SIGKILL to a payload; default 10 s
 * @param outputLimitBytes kept of each of standard output and standard error, first and last half;
 *     default 20 MiB
 * @param inputLimitBytes of one unpacked input sandbox; default 10 GiB
 * @param inputMaxEntries in one input sandbox; default 100,000
 * @param outputSandboxLimitBytes of the packed output sandbox; default 100 MiB, which is also the
 *     server's limit
 * @param downloadPatience how long an input sandbox is tried before the attempt is given back;
 *     default 10 min
 * @param reportPatience how long outputs and reports wait for the server once the payload is over;
 *     default 12 h
 * @param firstRetry pause before a failed call is repeated, doubled each time up to a minute;
 *     default 1 s
 * @param slotMoment between the signals that the processes of one slot get at its end; default 1 s
 * @param keepFolders whether a job's folders stay when it is over, to look at them; default no
 */
public record WrapperSettings(
    Duration killGrace,
    long outputLimitBytes,
    long inputLimitBytes,
    int inputMaxEntries,
    long outputSandboxLimitBytes,
    Duration downloadPatience,
    Duration reportPatience,
    Duration firstRetry,
    Duration slotMoment,
    boolean keepFolders,
    WatchdogSettings watchdog) {

  public static WrapperSettings defaults() {
    return new WrapperSettings(
        Duration.ofSeconds(10),
        20L << 20,
        10L << 30,
        100_000,
        100L << 20,
        Duration.ofMinutes(10),
        Duration.ofHours(12),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        false,
        WatchdogSettings.defaults());
  }
}
