package org.spinor.server.jobs.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;
import org.spinor.server.jobs.rows.JobState;
import org.spinor.server.jobs.rows.LogLine;

/**
 * How reports change a job. Reports may come late, twice or in the wrong order; pure, so that all
 * orders can be tried.
 *
 * <ul>
 *   <li>Only reports that are not older than the newest one that counted are evaluated, in the
 *       order of their times; older ones enter the log alone.
 *   <li>A stalled job about which anything counts is running.
 *   <li>A status that the state machine does not allow is not taken; the rest of the report is, and
 *       its source gets the mark {@code (SM)}.
 * </ul>
 */
final class StatusRules {
  private static final String REFUSED = "(SM)";
  private static final int MAX_MINOR = 128;
  private static final int MAX_APPLICATION = 255;

  private JobState state;
  private final Optional<Instant> newest;
  private final boolean force;
  private final List<LogLine> log = new ArrayList<>();
  private boolean counted;

  private StatusRules(JobState state, Optional<Instant> newest, boolean force) {
    this.state = state;
    this.newest = newest;
    this.force = force;
  }

  /**
   * What became of a job.
   *
   * @param newestTime of the reports that counted; empty: none did, only the log changes
   */
  record Outcome(JobState state, List<LogLine> log, Optional<Instant> newestTime) {
    boolean counted() {
      return newestTime.isPresent();
    }
  }

  /**
   * @param newest time of the newest report that counted before; empty: everything counts
   * @param force passes over the state machine
   */
  static Outcome apply(
      JobState state, Optional<Instant> newest, List<Report> reports, boolean force) {
    StatusRules rules = new StatusRules(state, newest, force);
    List<Report> ordered = reports.stream().sorted(Report.IN_TIME).toList();
    ordered.forEach(rules::take);
    Optional<Instant> last =
        rules.counted ? Optional.of(ordered.getLast().time()) : Optional.empty();
    return new Outcome(rules.state, List.copyOf(rules.log), last);
  }

  private void take(Report report) {
    if (newest.isPresent() && report.time().isBefore(newest.get())) {
      log(report, report.update().status(), report.source(), true);
      startedEarlier(report);
      return;
    }
    if (!counted && state.status() == JobStatus.Stalled) {
      state = state.with(JobStatus.Running, state.minorStatus(), state.applicationStatus());
    }
    counted = true;
    JobStatus wanted = report.update().status();
    boolean allowed = wanted == null || force || state.status().allows(wanted);
    JobStatus status = wanted == null || !allowed ? state.status() : wanted;
    boolean again = newest.isPresent() && report.time().equals(newest.get());
    log(
        report,
        wanted == null ? null : status,
        allowed ? report.source() : report.source() + REFUSED,
        again);
    state =
        state.with(
            status,
            cut(
                Objects.requireNonNullElse(report.update().minorStatus(), state.minorStatus()),
                MAX_MINOR),
            cut(
                Objects.requireNonNullElse(
                    report.update().applicationStatus(), state.applicationStatus()),
                MAX_APPLICATION));
    if (allowed) {
      times(report, wanted);
    }
    if (report.isHeartBeat()) {
      heardAt(report.time());
    }
  }

  private void times(Report report, @Nullable JobStatus status) {
    Instant start = state.startExecTime();
    Instant end = state.endExecTime();
    if (status == JobStatus.Running && start == null) {
      start = report.time();
    }
    if (status != null && status.isFinal() && status != JobStatus.Deleted && end == null) {
      end = report.time();
    }
    state = state.withTimes(start, end, state.heartBeatTime());
  }

  /** A late report still tells when the run began, of a job that has run. */
  private void startedEarlier(Report report) {
    boolean hasRun = JobStatus.ON_A_PILOT.contains(state.status()) || state.status().isFinal();
    if (report.update().status() == JobStatus.Running && state.startExecTime() == null && hasRun) {
      state = state.withTimes(report.time(), state.endExecTime(), state.heartBeatTime());
    }
  }

  private void heardAt(Instant time) {
    Instant last = state.heartBeatTime();
    if (last == null || last.isBefore(time)) {
      state = state.withTimes(state.startExecTime(), state.endExecTime(), time);
    }
  }

  private void log(Report report, @Nullable JobStatus status, String source, boolean late) {
    log.add(
        new LogLine(
            report.time(),
            status,
            cutOrNull(report.update().minorStatus(), MAX_MINOR),
            cutOrNull(report.update().applicationStatus(), MAX_APPLICATION),
            source,
            late));
  }

  private static @Nullable String cutOrNull(@Nullable String text, int length) {
    return text == null ? null : cut(text, length);
  }

  /** What a payload says may be anything: it is shortened to what a column shows. */
  private static String cut(String text, int length) {
    String storable = text.replace('\0', '\uFFFD');
    return storable.length() <= length ? storable : storable.substring(0, length - 3) + "...";
  }
}
