package org.spinor.spi.computing;

import org.spinor.spi.Fault;

/** What became of the order to end one pilot. */
public sealed interface CancelResult {
  /** It has ended or will soon. */
  record Cancelled() implements CancelResult {}

  /** The order did not get through. */
  record Failed(Fault fault, String reason) implements CancelResult {}
}
