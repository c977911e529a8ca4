package org.spinor.plugins.computing.arc.rest;

import java.util.List;
import java.util.Optional;

/**
 * What the service answers for one job of a request.
 *
 * @param code as of HTTP
 * @param reason in the service's words
 * @param id empty where a job was not created
 * @param state empty where the answer tells none, or one that is not known here
 * @param delegations that it uses, where that was asked
 */
public record JobItem(
    int code,
    String reason,
    String id,
    Optional<ArcState> state,
    Facts facts,
    List<String> delegations) {
  public boolean isGood() {
    return code / 100 == 2;
  }

  /** Not known to the service, or somebody else's. */
  public boolean isUnknown() {
    return code == 404;
  }

  /**
   * What the service tells of a job when it is asked for information (GLUE2); empty texts where it
   * does not.
   *
   * @param error why it failed
   */
  public record Facts(String name, String host, String exitCode, String error) {
    static final Facts NONE = new Facts("", "", "", "");
  }
}
