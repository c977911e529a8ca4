package org.spinor.server.jobs.lifecycle;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.LockedJob;
import org.spinor.server.jobs.rows.Transitions;
import org.springframework.stereotype.Component;

/** Stops jobs, and marks them for removal. */
@Component
final class KillAndDelete {
  private final JobSets sets;
  private final JobRows rows;
  private final Transactions transactions;

  KillAndDelete(JobSets sets, JobRows rows, Transactions transactions) {
    this.sets = sets;
    this.rows = rows;
    this.transactions = transactions;
  }

  /**
   * @param changed jobs that are now in the state asked for
   * @param unchanged jobs that were in it already, or cannot get there
   */
  record Changed(long changed, long unchanged) {
    Changed plus(Changed other) {
      return new Changed(changed + other.changed, unchanged + other.unchanged);
    }
  }

  /** Kills the jobs that can be killed. */
  Changed kill(Caller caller, JobSelection selection) {
    Changed[] sum = {new Changed(0, 0)};
    sets.each(
        caller,
        selection,
        ids -> sum[0] = sum[0].plus(change(ids, job -> kill(job, caller.username()))));
    return sum[0];
  }

  /** Kills what can be killed and marks what has ended for removal. */
  Changed delete(Caller caller, JobSelection selection) {
    Changed[] sum = {new Changed(0, 0)};
    sets.each(caller, selection, ids -> sum[0] = sum[0].plus(delete(ids, caller.username())));
    return sum[0];
  }

  Changed delete(Collection<Long> ids, String who) {
    return change(ids, job -> delete(job, who));
  }

  private Changed change(Collection<Long> ids, Predicate<LockedJob> action) {
    return transactions.in(
        () -> {
          Collection<LockedJob> jobs = rows.lock(ids).values();
          List<LockedJob> changed = jobs.stream().filter(action).toList();
          rows.save(changed);
          return new Changed(changed.size(), ids.size() - changed.size());
        });
  }

  private static boolean kill(LockedJob job, String who) {
    return go(job, JobStatus.Killed, MinorStatus.MARKED_FOR_TERMINATION, who);
  }

  private static boolean delete(LockedJob job, String who) {
    if (!job.status().next().contains(JobStatus.Deleted)) {
      kill(job, who);
    }
    return go(job, JobStatus.Deleted, MinorStatus.MARKED_FOR_DELETION, who);
  }

  private static boolean go(LockedJob job, JobStatus status, String minorStatus, String who) {
    JobStatus before = job.status();
    if (before == status || before == JobStatus.Deleted || !before.next().contains(status)) {
      return false;
    }
    job.move(status, minorStatus, job.state().applicationStatus(), who);
    Transitions.byOthers(job, before, minorStatus + " by " + who);
    return true;
  }
}
