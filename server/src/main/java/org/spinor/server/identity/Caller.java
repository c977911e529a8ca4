package org.spinor.server.identity;

import java.util.Optional;
import java.util.Set;
import org.spinor.api.AttemptId;

/**
 * Who makes a request, and how far this route lets them reach. Controllers take it as a parameter.
 * The table of routes and roles has already let the request in; the service still narrows what it
 * touches by {@link #reach()}.
 *
 * @param subject {@code <vo>:<sub>}
 * @param username preferred user name; for pilots the stamp
 * @param pilotStamp of a pilot's or a payload's token
 * @param attempt of a payload's token
 */
public record Caller(
    String subject,
    String username,
    String vo,
    String group,
    Set<String> properties,
    Reach reach,
    Optional<String> pilotStamp,
    Optional<AttemptId> attempt) {

  /** Whose objects a caller may touch on the route of this request. */
  public enum Reach {
    /** What the caller owns: the job's owner, the pilot itself, the payload's own job. */
    OWN,
    /** Everything of the caller's VO. */
    VO,
    /** Everything. */
    ALL
  }

  public boolean has(String property) {
    return properties.contains(property);
  }
}
