package org.spinor.server.web;

import java.util.Optional;

/**
 * A bean that says whether its part of the server can do its work; asked by {@code
 * /api/health/ready} and {@code /api/health/startup}. It answers within a second and touches no
 * other machine than the database's.
 */
public interface HealthCheck {
  /** What is wrong, in a few words, as {@code configuration not loaded}. Empty: all is well. */
  Optional<String> problem();
}
