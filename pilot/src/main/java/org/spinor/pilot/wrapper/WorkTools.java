package org.spinor.pilot.wrapper;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.spinor.pilot.node.TimeLeft;
import org.spinor.pilot.payload.Containment;
import org.spinor.pilot.payload.ControlGroups;
import org.spinor.pilot.payload.Images;
import org.spinor.pilot.payload.ProcessTable;

/**
 * What all wrappers of a pilot share.
 *
 * @param workDir below which each attempt has its folder
 * @param guardScript as {@link org.spinor.pilot.payload.Payload#writeGuard} left it
 * @param images for jobs that name one
 * @param groups where control groups may be made
 * @param reportClock the server's time
 * @param environment the pilot's own
 * @param runtime folder of the pilot's programs, kept out of payloads' PATH; empty: none
 */
public record WorkTools(
    Path workDir,
    Path guardScript,
    ProcessTable processes,
    Containment containment,
    Images images,
    ControlGroups groups,
    TimeLeft timeLeft,
    InstantSource reportClock,
    Map<String, String> environment,
    String runtime) {
  public WorkTools {
    environment = Map.copyOf(environment);
  }

  /** With further variables, for one job. */
  public WorkTools with(Map<String, String> variables) {
    if (variables.isEmpty()) {
      return this;
    }
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables);
    return new WorkTools(
        workDir,
        guardScript,
        processes,
        containment,
        images,
        groups,
        timeLeft,
        reportClock,
        all,
        runtime);
  }
}
