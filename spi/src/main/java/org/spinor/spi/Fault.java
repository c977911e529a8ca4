package org.spinor.spi;

/** Whose fault it is that one item of a bulk call was not done: data for the retry policy. */
public enum Fault {
  /** What was asked cannot be had here, ever: another element may do it. */
  USER,
  /** The element is broken or wrongly configured: somebody has to repair it. */
  PLATFORM,
  /** The same item may work later. */
  TEMPORARY
}
