package org.spinor.server.jobs.status;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;
import org.spinor.api.JobStatusUpdate;
import org.spinor.api.MinorStatus;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.attempts.LostAttempts;
import org.spinor.server.jobs.rows.Lease;
import org.spinor.server.jobs.rows.LockedJob;

/**
 * What the reports of attempts mean that nobody vouches for: they say that they are done, and that
 * is all it is until a validator has looked. A failure is not believed at all: the job is tried
 * elsewhere.
 */
final class UntrustedReports {
  private UntrustedReports() {}

  /** The report, without the end that it claims. */
  static Report unproven(Report report) {
    JobStatusUpdate said = report.update();
    JobStatus status = said.status();
    if (status == null || !status.isFinal()) {
      return report;
    }
    return new Report(
        report.time(),
        isGood(status)
            ? new JobStatusUpdate(
                JobStatus.Completing,
                MinorStatus.VALIDATING_RESULTS,
                said.applicationStatus(),
                said.source())
            : new JobStatusUpdate(
                null, said.minorStatus(), said.applicationStatus(), said.source()));
  }

  /** The attempt has said its last word about a job that is still its own. */
  static void ended(LockedJob job, List<Report> reports, LostAttempts lost) {
    String pilot = job.lease().map(Lease::pilotStamp).orElse("?");
    boolean good =
        job.status() == JobStatus.Completing
            && reports.stream().anyMatch(report -> isGood(report.update().status()));
    if (good) {
      job.endAttempt(JobEvents.Outcome.UNVERIFIED, "results to be validated");
      return;
    }
    String said = Objects.requireNonNullElse(job.state().minorStatus(), "failed");
    job.endAttempt(JobEvents.Outcome.FAILED, said);
    lost.waitAgain(
        job,
        pilot,
        MinorStatus.RESULTS_REJECTED,
        "failed there, which is not believed of a volunteer: " + said,
        "JobWrapper");
  }

  private static boolean isGood(@Nullable JobStatus status) {
    return status == JobStatus.Done || status == JobStatus.Completed;
  }
}
