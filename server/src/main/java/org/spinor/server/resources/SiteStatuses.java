package org.spinor.server.resources;

import java.time.Instant;
import java.util.Optional;
import org.spinor.api.SpinorException;

/** Which sites may be used, and who decided so. */
public interface SiteStatuses {
  /**
   * The decision in force.
   *
   * @param active false: banned; only jobs of type Test go there
   * @param reason as the person gave it; empty where nobody ever decided
   * @param changedBy user name
   */
  record SiteStatus(
      boolean active, String reason, Optional<String> changedBy, Optional<Instant> changedAt) {
    static SiteStatus untouched() {
      return new SiteStatus(true, "", Optional.empty(), Optional.empty());
    }
  }

  /** The status of a configured site. */
  SiteStatus of(String site);

  /**
   * Decides; every server knows within a second. Deciding what holds already is written down again,
   * with the new reason.
   *
   * @throws SpinorException NOT_FOUND: no such site in the configuration; INVALID_REQUEST: the
   *     reason is longer than 512 characters
   */
  SiteStatus decide(String site, boolean active, String reason, String by);
}
