package org.spinor.server.pilots.machines;

import java.util.Optional;
import org.spinor.server.pilots.Pilots;

/**
 * A machine as the server sees it when it speaks.
 *
 * @param code by which it asks to be let in
 * @param codeValid whether an operator can still use the code
 * @param place empty names: nobody has let it in
 * @param secretId of the secret with which it came
 * @param stamp of its newest pilot
 */
record Machine(
    long id,
    State state,
    String reason,
    String name,
    Optional<String> code,
    boolean codeValid,
    Pilots.Queue place,
    String vo,
    Optional<Long> secretId,
    boolean drain,
    Optional<String> stamp) {

  /** What was decided about it. */
  enum State {
    asking,
    refused,
    joined,
    removed
  }
}
