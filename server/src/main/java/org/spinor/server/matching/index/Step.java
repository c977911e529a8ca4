package org.spinor.server.matching.index;

import java.util.List;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.shares.Credits;

/** What the index says to somebody who wants one job for an offer. */
public sealed interface Step {

  /** This one: not to be had by anybody else here until it is settled. */
  record Taken(Pick pick) implements Step {}

  /** Read on in this line, then ask again. */
  record Read(Line.Refill refill) implements Step {}

  /** Jobs that fit are being decided on: wait for a change after this one, then ask again. */
  record Undecided(long change) implements Step {}

  /** Nothing that waits fits. */
  record Nothing() implements Step {}

  /**
   * A job taken out of the line for one asker.
   *
   * @param cores it gets
   * @param memoryMb it may use; 0: not stated
   * @param charges booked for it, one per level of the share tree
   */
  record Pick(
      Line line, WaitingJobs.Place place, int cores, long memoryMb, List<Credits.Charge> charges) {}

  /** How a pick ended. */
  enum Settled {
    /** The pilot has the job. */
    WON,
    /** Somebody else had it first, or it waits no longer. */
    LOST,
    /** Not tried: it waits as before. */
    BACK
  }
}
