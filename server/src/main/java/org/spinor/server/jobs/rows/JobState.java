package org.spinor.server.jobs.rows;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;

/** What status reports change of a job. */
public record JobState(
    JobStatus status,
    String minorStatus,
    String applicationStatus,
    @Nullable Instant startExecTime,
    @Nullable Instant endExecTime,
    @Nullable Instant heartBeatTime) {

  public JobState with(JobStatus newStatus, String newMinorStatus, String newApplicationStatus) {
    return new JobState(
        newStatus, newMinorStatus, newApplicationStatus, startExecTime, endExecTime, heartBeatTime);
  }

  public JobState withTimes(
      @Nullable Instant start, @Nullable Instant end, @Nullable Instant heartBeat) {
    return new JobState(status, minorStatus, applicationStatus, start, end, heartBeat);
  }
}
