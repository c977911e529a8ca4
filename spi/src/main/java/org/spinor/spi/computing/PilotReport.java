package org.spinor.spi.computing;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the back-end says of one pilot.
 *
 * @param reason in the back-end's words where it has any: why held, failed, aborted, unknown
 * @param exitCode of an ended pilot; a signal as 128 + its number
 * @param host where it runs or ran
 */
public record PilotReport(
    PilotState state, String reason, OptionalInt exitCode, Optional<String> host) {
  /** A report with nothing but the state. */
  public static PilotReport of(PilotState state, String reason) {
    return new PilotReport(state, reason, OptionalInt.empty(), Optional.empty());
  }
}
