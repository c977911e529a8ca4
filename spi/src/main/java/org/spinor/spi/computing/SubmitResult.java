package org.spinor.spi.computing;

import org.spinor.spi.Fault;

/** What became of one submission. */
public sealed interface SubmitResult {
  String stamp();

  /** The back-end has it. */
  record Accepted(String stamp, PilotReference reference) implements SubmitResult {}

  /**
   * The back-end does not have it.
   *
   * @param reason for operators: what the back-end said
   */
  record Refused(String stamp, Fault fault, String reason) implements SubmitResult {}
}
