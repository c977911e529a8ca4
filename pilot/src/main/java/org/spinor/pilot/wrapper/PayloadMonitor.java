package org.spinor.pilot.wrapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.node.TimeLeft;
import org.spinor.pilot.payload.FileTree;
import org.spinor.pilot.payload.JobFolders;
import org.spinor.pilot.payload.Payload;
import org.spinor.pilot.payload.Usage;

/**
 * Looks at a running payload again and again: measures, lets the watchdog judge, sends the stop
 * signal when its time has come.
 */
final class PayloadMonitor {
  private final Payload payload;
  private final JobFolders folders;
  private final Watchdog watchdog;
  private final TimeLeft timeLeft;
  private final Log log;
  private final long startNanos = System.nanoTime();
  private volatile Measurements last = Measurements.NONE;
  private boolean signalSent;
  private long diskBytes;
  private long diskAgainNanos;

  PayloadMonitor(
      Payload payload, JobFolders folders, Watchdog watchdog, TimeLeft timeLeft, Log log) {
    this.payload = payload;
    this.folders = folders;
    this.watchdog = watchdog;
    this.timeLeft = timeLeft;
    this.log = log;
    this.diskAgainNanos = startNanos;
  }

  /** What was seen last. */
  Measurements last() {
    return last;
  }

  /** Measures, and says what limit is passed. */
  Optional<StopReason.OverLimit> look() {
    measure();
    return watchdog.judge(
        new Watchdog.Look(
            last.wall(),
            last.usage(),
            payload.processes()::proportionalBytes,
            diskBytes(),
            last.freeBytes(),
            timeLeft.left()));
  }

  /** Measures without judging: at the end. */
  void measure() {
    Usage usage = payload.usage();
    last =
        new Measurements(
            Duration.ofNanos(System.nanoTime() - startNanos),
            usage,
            Math.max(last.peakBytes(), usage.residentBytes()),
            payload.peakBytes().orElse(0),
            folders.job().toFile().getUsableSpace(),
            load());
  }

  /** A job with a million files takes long to count: not more than a twentieth of the time. */
  private long diskBytes() {
    long now = System.nanoTime();
    if (now - diskAgainNanos >= 0) {
      try {
        diskBytes =
            FileTree.size(folders.job())
                + FileTree.size(folders.tmp())
                + FileTree.size(folders.control());
      } catch (IOException e) {
        log.warn("the job's disk use cannot be counted: " + e);
      }
      long took = System.nanoTime() - now;
      diskAgainNanos = System.nanoTime() + 20 * took;
    }
    return diskBytes;
  }

  /**
   * Sends the signal that the job asked for, once, when little time is left.
   *
   * @param wallLimit zero: none
   */
  void signalInTime(JobDescription.StopSignal signal, Duration wallLimit)
      throws InterruptedException {
    Optional<Duration> left = left(wallLimit, last.wall(), timeLeft.left());
    if (!signalSent && signal.due(last.wall(), left)) {
      signalSent = true;
      try {
        int processes = payload.signal(signal.number(), signal.processes());
        log.info(
            "stop signal "
                + signal.number()
                + " sent to "
                + processes
                + " processes, "
                + left.orElseThrow().toSeconds()
                + " s are left");
      } catch (IOException e) {
        log.warn("the stop signal cannot be sent: " + e);
      }
    }
  }

  /** Until the job's own end or the slot's, whichever comes first; empty: neither is known. */
  static Optional<Duration> left(Duration wallLimit, Duration wall, Optional<Duration> slotLeft) {
    Optional<Duration> byWall =
        wallLimit.isZero() ? Optional.empty() : Optional.of(wallLimit.minus(wall));
    return Stream.of(byWall, slotLeft).flatMap(Optional::stream).min(Comparator.naturalOrder());
  }

  private static double load() {
    try {
      String text = Files.readString(Path.of("/proc/loadavg"), StandardCharsets.ISO_8859_1);
      return Double.parseDouble(text.substring(0, text.indexOf(' ')));
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }
}
