package org.spinor.api;

import java.util.EnumSet;
import java.util.Set;

/**
 * The major status of a job. The names are the wire format; the allowed next states are those of
 * DIRAC's state machine. Staying in a state is always allowed.
 */
public enum JobStatus {
  Submitting,
  Received,
  Checking,
  Staging,
  Waiting,
  Matched,
  Running,
  Stalled,
  Completing,
  Done,
  Completed,
  Failed,
  Deleted,
  Killed,
  Rescheduled;

  /** States in which a user expects nothing more to happen. */
  public static final Set<JobStatus> FINAL = EnumSet.of(Done, Completed, Failed, Killed, Deleted);

  /** States in which an attempt holds the job. */
  public static final Set<JobStatus> ON_A_PILOT = EnumSet.of(Matched, Running, Stalled, Completing);

  /**
   * The states that may follow this one. Deleted has no rule: a job in it is about to vanish and
   * anything is accepted.
   */
  public Set<JobStatus> next() {
    return switch (this) {
      case Submitting -> EnumSet.of(Received, Checking, Deleted, Killed);
      case Received -> EnumSet.of(Checking, Staging, Waiting, Failed, Deleted, Killed);
      case Checking -> EnumSet.of(Staging, Waiting, Rescheduled, Failed, Deleted, Killed);
      case Staging -> EnumSet.of(Checking, Waiting, Failed, Killed);
      case Waiting -> EnumSet.of(Matched, Rescheduled, Deleted, Killed);
      case Matched -> EnumSet.of(Running, Failed, Rescheduled, Killed);
      case Rescheduled -> EnumSet.of(Waiting, Received, Deleted, Failed, Killed);
      case Running -> EnumSet.of(Stalled, Done, Failed, Rescheduled, Completing, Killed, Received);
      case Stalled -> EnumSet.of(Running, Failed, Killed);
      case Completing -> EnumSet.of(Done, Failed, Completed, Stalled, Killed);
      case Completed -> EnumSet.of(Done, Failed);
      case Done, Killed -> EnumSet.of(Deleted);
      case Failed -> EnumSet.of(Rescheduled, Deleted);
      case Deleted -> EnumSet.allOf(JobStatus.class);
    };
  }

  /** Whether the state machine lets a job go from this state to the given one. */
  public boolean allows(JobStatus wanted) {
    return wanted == this || next().contains(wanted);
  }

  public boolean isFinal() {
    return FINAL.contains(this);
  }
}
