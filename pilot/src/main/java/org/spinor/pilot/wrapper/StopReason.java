package org.spinor.pilot.wrapper;

/** Why a payload is ended before it ends itself. */
public sealed interface StopReason {

  /** A user wants it. */
  record Killed() implements StopReason {}

  /** The server has given the attempt up: nothing may be reported any more. */
  record Lost(String why) implements StopReason {}

  /** The pilot must end: the attempt is given back. */
  record GivenBack(String why) implements StopReason {}

  /**
   * The watchdog has found a limit passed.
   *
   * @param minorStatus as DIRAC's users know it
   * @param detail with the numbers
   */
  record OverLimit(String minorStatus, String detail) implements StopReason {}
}
