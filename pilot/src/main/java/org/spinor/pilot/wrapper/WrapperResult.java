package org.spinor.pilot.wrapper;

/** How an attempt ended, for the pilot. */
public enum WrapperResult {
  /** The payload succeeded. */
  DONE,
  /** The job failed by its own fault. */
  FAILED,
  /** A user ended it. */
  KILLED,
  /** The server had given it up. */
  LOST,
  /** It goes back to wait, by the pilot's or its own wish. */
  GIVEN_BACK,
  /** The node failed it. */
  NODE_FAILED
}
