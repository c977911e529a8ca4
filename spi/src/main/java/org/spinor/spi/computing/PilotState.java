package org.spinor.spi.computing;

/** How a pilot fares at its computing element. */
public enum PilotState {
  /** Accepted, not running yet. */
  WAITING,
  /** Accepted, and kept from running until somebody acts there. */
  HELD,
  RUNNING,
  /** Ended, exit code 0 (or not known). */
  DONE,
  /** Ended, exit code not 0. */
  FAILED,
  /** Ended by somebody: cancelled, killed by the back-end, lost with its node. */
  ABORTED,
  /**
   * The back-end does not know it, or cannot say now. It may come back: the server decides how long
   * to believe in it.
   */
  UNKNOWN;

  /** Whether a pilot in this state does not come back from it. */
  public boolean isFinal() {
    return switch (this) {
      case DONE, FAILED, ABORTED -> true;
      case WAITING, HELD, RUNNING, UNKNOWN -> false;
    };
  }
}
