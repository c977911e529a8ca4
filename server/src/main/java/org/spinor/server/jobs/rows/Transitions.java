package org.spinor.server.jobs.rows;

import org.spinor.api.JobCommand;
import org.spinor.api.JobStatus;
import org.spinor.server.jobs.JobEvents;

/** What a new status means for the attempt that runs the job. */
public final class Transitions {
  private Transitions() {}

  /**
   * Called after a job took over a status that somebody else than its attempt wanted. A job that is
   * killed keeps its attempt until the wrapper has stopped the payload, or is silent for too long.
   */
  public static void byOthers(LockedJob job, JobStatus before, String reason) {
    JobStatus after = job.status();
    if (after == before) {
      return;
    }
    switch (after) {
      case Killed, Deleted -> {
        if (JobStatus.ON_A_PILOT.contains(before)) {
          job.command(JobCommand.KILL, "");
        }
      }
      case Done, Completed -> job.endAttempt(JobEvents.Outcome.DONE, reason);
      case Failed -> job.endAttempt(JobEvents.Outcome.FAILED, reason);
      case Submitting, Received, Checking, Staging, Waiting, Rescheduled ->
          job.endAttempt(JobEvents.Outcome.RESCHEDULED, reason);
      case Matched, Running, Stalled, Completing -> {}
    }
  }

  /**
   * Called after the living attempt reported about its job.
   *
   * @param last whether it said that it is done with the job, in whatever status the job is
   */
  public static void byAttempt(LockedJob job, boolean last) {
    String reason = job.state().minorStatus();
    switch (job.status()) {
      case Done, Completed -> job.endAttempt(JobEvents.Outcome.DONE, reason);
      case Failed -> job.endAttempt(JobEvents.Outcome.FAILED, reason);
      case Killed, Deleted -> {
        if (last) {
          job.endAttempt(JobEvents.Outcome.KILLED, reason);
        }
      }
      case Submitting, Received, Checking, Staging, Waiting, Rescheduled ->
          job.endAttempt(JobEvents.Outcome.RESCHEDULED, reason);
      case Matched, Running, Stalled, Completing -> {}
    }
  }
}
