package org.spinor.plugins.computing.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/**
 * Puts together what a pilot's folder and the batch system say of it. The folder is believed where
 * a pilot has ended by itself, the batch system where it has ended the pilot. What neither of them
 * knows is given time: files show late on shared file systems, and jobs show late in lists.
 */
final class Verdict {
  private static final String NO_TRACE =
      "the job ended and left nothing in the pilot's folder: is SharedArea shared with the nodes?";

  private static final int MANY = 10_000;
  private static final Duration LONG = Duration.ofDays(2);

  private final boolean sharedFiles;
  private final Duration latency;
  private final Map<String, Instant> missedSince = new ConcurrentHashMap<>();

  /**
   * @param sharedFiles whether pilots can write into their folder; else the batch system alone says
   * @param latency how long files and lists may lag behind
   */
  Verdict(boolean sharedFiles, Duration latency) {
    this.sharedFiles = sharedFiles;
    this.latency = latency;
  }

  /**
   * @param queue what the batch system says; empty: nothing, though it was asked
   */
  PilotReport of(Marks marks, Optional<PilotReport> queue, Instant now) {
    if (marks.lost().isPresent() && (marks.exitCode().isEmpty() || marks.wasKilled())) {
      missedSince.remove(marks.stamp());
      return marks.lost().get();
    }
    return named(marks, decide(marks, queue, now));
  }

  private PilotReport decide(Marks marks, Optional<PilotReport> queue, Instant now) {
    if (marks.exitCode().isPresent()) {
      // The batch system says why it ended a pilot only when it has cleaned up behind it.
      boolean early =
          marks.wasKilled()
              && queue.filter(said -> !said.state().isFinal()).isPresent()
              && !late(marks, now);
      return early ? running(marks, "ends") : ended(marks, queue);
    }
    if (queue.isEmpty()) {
      return missing(marks, now);
    }
    PilotReport said = queue.get();
    return switch (said.state()) {
      case ABORTED -> said;
      case WAITING, HELD, RUNNING, UNKNOWN -> {
        missedSince.remove(marks.stamp());
        yield said;
      }
      // The pilot's own word for it may be on its way.
      case DONE, FAILED -> {
        if (!sharedFiles) {
          yield marks.cancelled() && said.state() == PilotState.FAILED
              ? new PilotReport(PilotState.ABORTED, "cancelled", said.exitCode(), said.host())
              : said;
        }
        yield late(marks, now) ? silentlyEnded(marks, said) : running(marks, "ends");
      }
    };
  }

  private static PilotReport ended(Marks marks, Optional<PilotReport> queue) {
    int code = marks.exitCode().orElse(0);
    Optional<String> host = host(marks);
    if (code == 0) {
      return new PilotReport(PilotState.DONE, "", marks.exitCode(), host);
    }
    Optional<PilotReport> ender =
        queue.filter(report -> report.state() == PilotState.ABORTED && !marks.cancelled());
    if (ender.isPresent()) {
      return new PilotReport(PilotState.ABORTED, ender.get().reason(), marks.exitCode(), host);
    }
    if (marks.cancelled()) {
      return new PilotReport(PilotState.ABORTED, "cancelled", marks.exitCode(), host);
    }
    return marks.signal().isEmpty()
        ? new PilotReport(PilotState.FAILED, "exit code " + code, marks.exitCode(), host)
        : new PilotReport(
            PilotState.ABORTED,
            "ended by the batch system with signal " + marks.signal(),
            marks.exitCode(),
            host);
  }

  private PilotReport missing(Marks marks, Instant now) {
    if (marks.id().isEmpty() && !marks.started()) {
      return PilotReport.of(PilotState.UNKNOWN, "its submission has not come to an end");
    }
    if (!late(marks, now)) {
      return marks.started()
          ? running(marks, "has left the queue")
          : PilotReport.of(PilotState.WAITING, "not in the queue yet");
    }
    if (marks.cancelled()) {
      return new PilotReport(PilotState.ABORTED, "cancelled", OptionalInt.empty(), host(marks));
    }
    return marks.started()
        ? new PilotReport(
            PilotState.ABORTED,
            "left the batch system without a word: killed, or lost with its node",
            OptionalInt.empty(),
            host(marks))
        : PilotReport.of(PilotState.UNKNOWN, "the batch system does not know it");
  }

  private static PilotReport silentlyEnded(Marks marks, PilotReport said) {
    if (marks.cancelled()) {
      return new PilotReport(PilotState.ABORTED, "cancelled", said.exitCode(), said.host());
    }
    return marks.started()
        ? new PilotReport(
            PilotState.ABORTED,
            "ended without writing down how"
                + (said.reason().isEmpty() ? "" : ": " + said.reason()),
            said.exitCode(),
            said.host())
        : new PilotReport(PilotState.FAILED, NO_TRACE, said.exitCode(), said.host());
  }

  private static PilotReport running(Marks marks, String reason) {
    return new PilotReport(PilotState.RUNNING, reason, OptionalInt.empty(), host(marks));
  }

  /** Whether it has been missed for longer than anything may lag behind. */
  private boolean late(Marks marks, Instant now) {
    if (missedSince.size() > MANY) {
      // Those that nobody asks about any more.
      missedSince.values().removeIf(since -> since.plus(LONG).isBefore(now));
    }
    Instant since = missedSince.computeIfAbsent(marks.stamp(), stamp -> now);
    return !now.isBefore(since.plus(latency));
  }

  private static Optional<String> host(Marks marks) {
    return marks.host().isEmpty() ? Optional.empty() : Optional.of(marks.host());
  }

  /** With the job's number, by which operators find it, and the host where only one knows it. */
  private static PilotReport named(Marks marks, PilotReport report) {
    String job = marks.id().isEmpty() ? "" : "job " + marks.id();
    String reason =
        report.reason().isEmpty() || job.isEmpty()
            ? job + report.reason()
            : job + ": " + report.reason();
    return new PilotReport(
        report.state(), reason, report.exitCode(), report.host().or(() -> host(marks)));
  }
}
