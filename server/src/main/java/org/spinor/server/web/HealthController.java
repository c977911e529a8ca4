package org.spinor.server.web;

import io.swagger.v3.oas.annotations.Hidden;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells whoever runs the server whether it lives, has started, and can take requests. */
@Hidden
@RestController
@RequestMapping("/api/health")
final class HealthController {
  private final DataSource database;
  private final List<HealthCheck> checks;

  HealthController(DataSource database, List<HealthCheck> checks) {
    this.database = database;
    this.checks = checks;
  }

  /** Restart the server when this fails: it depends on nothing outside. */
  @GetMapping("/live")
  Map<String, String> live() {
    return Map.of("status", "live");
  }

  @GetMapping("/ready")
  Map<String, String> ready() {
    requireAll();
    return Map.of("status", "ready");
  }

  @GetMapping("/startup")
  Map<String, String> startup() {
    requireAll();
    return Map.of("status", "startup complete");
  }

  private void requireAll() {
    for (HealthCheck check : checks) {
      Optional<String> problem = check.problem();
      if (problem.isPresent()) {
        throw new SpinorException(ErrorCode.UNAVAILABLE, problem.get());
      }
    }
    try (Connection connection = database.getConnection()) {
      if (connection.isValid(2)) {
        return;
      }
    } catch (SQLException e) {
      // the same words as for a connection that does not answer
    }
    throw new SpinorException(ErrorCode.UNAVAILABLE, "database ping failed");
  }
}
