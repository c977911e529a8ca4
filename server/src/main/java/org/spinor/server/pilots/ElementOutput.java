package org.spinor.server.pilots;

import java.util.Optional;

/** Asks computing elements for the output of pilots; provisioning does it. */
public interface ElementOutput {
  /**
   * What the element has of the pilot's output, as one text with a heading for each part; empty:
   * nothing, the queue is not configured any more, or the element gives no output.
   *
   * @param vo whose pilot it is
   * @param ended whether the pilot has ended: not every element has something before
   * @throws org.spinor.api.SpinorException (EXTERNAL) the element does not answer
   */
  Optional<String> fetch(Pilots.Queue queue, String vo, String reference, boolean ended);
}
