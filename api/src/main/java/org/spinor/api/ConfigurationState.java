package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server knows of its configuration: {@code GET /api/config/state}.
 *
 * @param source where it comes from: a file, or {@code git+} and an address
 * @param hasHistory whether older versions are kept
 * @param revision the version in force
 * @param changed when that was made
 * @param rejected the newest version, where it is not in force because of its problems
 */
public record ConfigurationState(
    String source,
    @JsonProperty("has_history") boolean hasHistory,
    String revision,
    Instant changed,
    @Nullable Rejected rejected) {

  /**
   * A version that does not take effect.
   *
   * @param since when this server saw it
   * @param problems all of them, each with its path and line
   */
  public record Rejected(String revision, Instant since, List<String> problems) {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }
}
