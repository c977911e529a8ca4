package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The pilot of a further node of an allocation: {@code POST /api/pilots/{stamp}/nodes/{number}}.
 *
 * @param secret with which it gets its tokens; shown to nobody but it
 */
public record CompanionPilot(
    @JsonProperty("pilot_stamp") String stamp, @JsonProperty("pilot_secret") String secret) {
  @Override
  public String toString() {
    return "CompanionPilot[" + stamp + "]";
  }
}
