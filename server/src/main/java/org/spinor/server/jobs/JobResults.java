package org.spinor.server.jobs;

import java.util.Collection;
import java.util.Optional;
import org.spinor.api.AttemptId;

/**
 * Results of untrusted attempts: they count when somebody says so. While nobody has, the job is
 * Completing with the minor status {@code Validating Results}, and no attempt holds it.
 *
 * <p>Each decision is taken once: of two, or of one about a job that was killed, rescheduled or
 * removed meanwhile, the second does nothing and answers false.
 */
public interface JobResults {
  /**
   * A result that nobody has decided about.
   *
   * @param host where it was made, as its pilot said; empty: not known
   */
  record Unverified(AttemptId attempt, String vo, String owner, String pilotStamp, String host) {}

  /** The result of this attempt; empty: there is nothing to decide any more. */
  Optional<Unverified> find(AttemptId attempt);

  /**
   * The job is Done.
   *
   * @param others earlier undecided attempts that this settles: whether each agrees with it
   */
  boolean accept(AttemptId attempt, String why, Collection<Settled> others);

  /** What became of an earlier attempt of the same job. */
  record Settled(int attempt, boolean agrees) {}

  /** The result is wrong: the job waits again at no cost to its owner, within its budget. */
  boolean reject(AttemptId attempt, String reason);

  /** Another result is needed to decide: the job waits for another host. */
  boolean undecided(AttemptId attempt, String reason);
}
