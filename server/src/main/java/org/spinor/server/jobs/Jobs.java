package org.spinor.server.jobs;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.api.AttemptId;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobCommand;
import org.spinor.api.JobStatus;
import org.spinor.server.identity.Caller;

/** Jobs as the other rooms see them. */
public interface Jobs {
  /**
   * The little that others need of a job.
   *
   * @param since when the status changed last
   */
  record Summary(
      long jobId,
      String vo,
      String owner,
      String ownerGroup,
      JobStatus status,
      String minorStatus,
      String applicationStatus,
      Instant since,
      int attempt,
      int classNumber,
      int priority,
      String jobType,
      String jobGroup,
      String site) {}

  Optional<Summary> find(long jobId);

  /** The job's description with parameters filled in and JobID added, as a pilot gets it. */
  Map<Long, String> descriptions(Collection<Long> jobIds);

  /**
   * Refuses (FORBIDDEN) unless the caller may touch all of these jobs; unknown ids are refused like
   * foreign ones. For a payload also refuses (STALE_ATTEMPT) unless its attempt still holds the
   * job.
   */
  void requireReach(Caller caller, Collection<Long> jobIds);

  /**
   * Renews the leases of attempts on behalf of their pilot; returns those that the pilot no longer
   * holds.
   */
  List<AttemptId> renewLeases(String pilotStamp, List<AttemptId> running);

  /** Commands waiting for these attempts' jobs; each is handed over once. */
  List<JobCommand> takeCommands(List<AttemptId> running);

  /**
   * The pilot ended or was found dead: its attempts end as the infrastructure's failure, the jobs
   * wait again.
   */
  void releaseAttemptsOf(String pilotStamp, String reason);

  /** All attempts at a job, first to last. */
  List<JobAttempt> attempts(long jobId);

  /** Live attempts of a pilot. */
  List<AttemptId> attemptsOf(String pilotStamp);
}
