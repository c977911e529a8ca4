package org.spinor.server.pilots.contact;

import org.spinor.api.PilotStatus;

/**
 * A pilot as the server sees it when the pilot speaks.
 *
 * @param place which it does not choose itself
 * @param provisioned whether this installation sent it, or gave it to a machine that joined
 * @param lost it was given up because it was silent; it may come back
 * @param live whether it has spoken, and has not ended
 */
public record Standing(
    long pilotId,
    String stamp,
    String vo,
    Place place,
    PilotStatus status,
    String statusReason,
    boolean provisioned,
    boolean lost,
    Drain drain,
    String host,
    boolean live) {

  /** Where it is. */
  public record Place(String site, String ce, String queue) {}

  /** Whether it takes no more work, and why. */
  record Drain(boolean on, String reason) {}

  /** It will not come back: nothing that it says counts any more. */
  public boolean ended() {
    return status.isFinal() && !lost;
  }
}
