package org.spinor.server.jobs;

import java.util.List;
import java.util.Map;
import org.spinor.api.AttemptId;

/**
 * What happens to jobs, published with Spring's event publisher in the transaction that makes it
 * happen: a listener writes in the same transaction (so nothing is lost and nothing happens twice)
 * or, for effects outside the database, adds a task or uses {@code Transactions.afterCommit}.
 */
public sealed interface JobEvents {
  /**
   * New jobs.
   *
   * @param inputSandboxes sandbox names (SB:...) by job
   */
  record Submitted(
      String vo, String owner, String ownerGroup, Map<Long, List<String>> inputSandboxes)
      implements JobEvents {}

  /**
   * More jobs wait: new, requeued or rescheduled ones. Per class: how many, and the sum of their
   * priorities.
   */
  record Waiting(List<WaitingJobs.Count> more) implements JobEvents {}

  /** Jobs left the line without a match: killed, deleted. */
  record NoLongerWaiting(List<WaitingJobs.Count> fewer) implements JobEvents {}

  /**
   * An attempt ended, for whatever reason.
   *
   * @param cores that it was given
   * @param seconds from its match to its end
   * @param untrusted nobody vouches for the pilot
   */
  record AttemptEnded(
      AttemptId attempt,
      int classNumber,
      String pilotStamp,
      String site,
      String ce,
      int cores,
      long seconds,
      boolean untrusted,
      Outcome outcome)
      implements JobEvents {}

  /**
   * It was decided whether the result of an untrusted attempt counts.
   *
   * @param accepted it does, or agrees with what does
   */
  record ResultJudged(
      AttemptId attempt,
      int classNumber,
      String pilotStamp,
      String site,
      String ce,
      boolean accepted)
      implements JobEvents {}

  /** What these jobs brought back so far does not count: an untrusted attempt came to nothing. */
  record OutputDropped(List<Long> jobIds) implements JobEvents {}

  /** Jobs vanished with all that belongs to them. */
  record Removed(List<Long> jobIds) implements JobEvents {}

  /** How an attempt ended. */
  enum Outcome {
    DONE,
    FAILED,
    INFRASTRUCTURE,
    KILLED,
    RESCHEDULED,
    /** An untrusted attempt says that it is done; a validator has to look. */
    UNVERIFIED,
    /** It was looked at, and another result is needed to decide. */
    UNDECIDED,
    /** It was looked at and found wrong. */
    REJECTED
  }
}
