package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What the server tells a living pilot.
 *
 * @param drain true: finish what runs, ask for no more work
 * @param lost attempts that are no longer the pilot's: stop them at once, report nothing
 * @param commands what users want of the running jobs: {@code Kill}, {@code Peek} (send a heartbeat
 *     with the latest output now)
 * @param heartbeatSeconds send the next one after so many seconds
 */
public record PilotAnswer(
    boolean drain,
    List<AttemptId> lost,
    List<JobCommand> commands,
    @JsonProperty("heartbeat_seconds") int heartbeatSeconds) {
  public PilotAnswer {
    lost = List.copyOf(lost);
    commands = List.copyOf(commands);
  }
}
