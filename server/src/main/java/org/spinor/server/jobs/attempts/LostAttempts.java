package org.spinor.server.jobs.attempts;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.Lease;
import org.spinor.server.jobs.rows.LockedJob;
import org.springframework.stereotype.Component;

/**
 * Ends attempts that the infrastructure failed: the job waits again at no cost to its owner, until
 * its budget of such failures is spent.
 */
@Component
public final class LostAttempts {
  private final Transactions transactions;
  private final JobRows rows;
  private final LeaseTimes times;

  LostAttempts(Transactions transactions, JobRows rows, LeaseTimes times) {
    this.transactions = transactions;
    this.rows = rows;
    this.times = times;
  }

  /**
   * Ends the living attempts of these jobs, where the lease is such a one.
   *
   * @param minorStatus what the log says, in the field's words
   * @param reason the truth in a sentence
   * @return how many were ended
   */
  int end(
      Collection<Long> jobs,
      Predicate<Lease> which,
      String minorStatus,
      String reason,
      String source) {
    return transactions.in(
        () -> {
          List<LockedJob> lost =
              rows.lock(jobs).values().stream()
                  .filter(job -> job.lease().filter(which).isPresent())
                  .toList();
          lost.forEach(job -> lose(job, minorStatus, reason, source));
          rows.save(lost);
          return lost.size();
        });
  }

  private void lose(LockedJob job, String minorStatus, String reason, String source) {
    Optional<Lease> lease = job.lease();
    if (job.status() == JobStatus.Killed || job.status() == JobStatus.Deleted) {
      job.endAttempt(JobEvents.Outcome.KILLED, reason);
      return;
    }
    job.endAttempt(JobEvents.Outcome.INFRASTRUCTURE, reason);
    if (job.status().isFinal()) {
      return;
    }
    waitAgain(job, lease.map(Lease::pilotStamp).orElse("?"), minorStatus, reason, source);
  }

  /**
   * A job whose attempt came to nothing, by no fault of its own, waits again; beyond its budget of
   * such attempts it fails. The attempt itself has been ended.
   */
  public void waitAgain(
      LockedJob job, String pilot, String minorStatus, String reason, String source) {
    String what =
        "attempt %d on pilot %s at %s: %s".formatted(job.attempt(), pilot, job.site(), reason);
    int failures = job.infrastructureFailures() + 1;
    int budget = times.budget(job.identity().vo());
    if (failures > budget) {
      job.move(
          JobStatus.Failed,
          minorStatus,
          "%d attempts lost to the infrastructure (at most %d); the last: %s"
              .formatted(failures, budget, what),
          source);
      return;
    }
    job.move(JobStatus.Rescheduled, minorStatus, what, source);
    job.beginAgain(failures);
    job.move(JobStatus.Waiting, MinorStatus.PILOT_AGENT_SUBMISSION, "Unknown", source);
  }
}
