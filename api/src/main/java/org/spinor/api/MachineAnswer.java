package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a machine hears.
 *
 * @param state what it is to do
 * @param reason in words, for its owner; may be empty
 * @param waitSeconds when it is to speak again
 * @param code by which an operator lets it in; only while it asks
 * @param place where its pilots are; null while nobody has said so
 * @param pilot to be run; only with {@link State#Run}
 */
public record MachineAnswer(
    State state,
    String reason,
    @JsonProperty("wait_seconds") int waitSeconds,
    @Nullable String code,
    @Nullable MachinePlace place,
    @Nullable MachinePilot pilot) {

  /** What the machine is to do. */
  public enum State {
    /** Wait for an operator, who needs the code. */
    Asking,
    /** Ask anew: nobody used the code in time. */
    Expired,
    /** End: an operator said no, or took it out. */
    Refused,
    /** Go on as it does. */
    Joined,
    /** Wait: there is no work, or no place. */
    Wait,
    /** Start no pilot until an operator says so. */
    Drain,
    /** Run the pilot. */
    Run
  }

  /** A queue and the VO whose pilots the machine runs there. */
  public record MachinePlace(String site, String ce, String queue, String vo) {}

  /**
   * A pilot that was registered for the machine.
   *
   * @param secret with which the pilot gets its token
   * @param options of the site for the pilot, separated by blanks; may be empty
   */
  public record MachinePilot(String stamp, String secret, String options) {}
}
