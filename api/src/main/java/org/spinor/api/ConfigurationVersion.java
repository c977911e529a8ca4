package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * One version of the configuration, as {@code GET /api/config/history} tells it.
 *
 * @param revision name of the commit, 40 hexadecimal digits
 * @param time of the commit
 * @param author who made it, as git knows people
 * @param reason why: the message of the commit
 * @param inForce whether the server works by it now
 * @param problems why it would not be taken; empty: it is valid
 */
public record ConfigurationVersion(
    String revision,
    Instant time,
    String author,
    String email,
    String reason,
    @JsonProperty("in_force") boolean inForce,
    List<String> problems) {
  public ConfigurationVersion {
    problems = List.copyOf(problems);
  }

  /**
   * Some of the versions, newest first.
   *
   * @param total how many there are on all pages together
   */
  public record Page(List<ConfigurationVersion> versions, long total) {
    public Page {
      versions = List.copyOf(versions);
    }
  }
}
