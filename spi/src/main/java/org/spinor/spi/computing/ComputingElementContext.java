package org.spinor.spi.computing;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.spinor.spi.Credentials;

/**
 * What an element knows of its surroundings.
 *
 * @param site as {@code LCG.Example.org}
 * @param name of the computing element, often a host
 * @param queue of the element
 * @param parameters those of the queue over those of the element
 * @param credentials of the VO whose pilots the element takes, or of no VO, see {@link
 *     ComputingElementPlugin#servesAllVos()}; ask at each use
 * @param stateFolder a folder on the server's host for this plug-in, shared by all its elements and
 *     kept over restarts: {@code <data folder>/<plug-in's name in lower case>-ce}
 * @param timeLimit how long one call may take; the server interrupts the calling thread then and
 *     treats the call as failed for the time being
 * @param clock for everything that has to do with time
 */
public record ComputingElementContext(
    String site,
    String name,
    String queue,
    Map<String, String> parameters,
    Credentials credentials,
    Path stateFolder,
    Duration timeLimit,
    InstantSource clock) {
  public ComputingElementContext {
    parameters = Map.copyOf(parameters);
  }
}
