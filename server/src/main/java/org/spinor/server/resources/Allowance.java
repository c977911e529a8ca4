package org.spinor.server.resources;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Whether something may be used, as the status routes write it. */
@Schema(oneOf = {Allowance.Allowed.class, Allowance.Refused.class})
sealed interface Allowance {
  boolean allowed();

  /**
   * @param warnings why to think twice
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Allowed(boolean allowed, @Nullable String warnings) implements Allowance {}

  record Refused(boolean allowed, String reason) implements Allowance {}

  static Allowance free() {
    return new Allowed(true, null);
  }

  static Allowance of(ElementStatus status) {
    String reason = status.reason().isBlank() ? status.status() : status.reason();
    return switch (status.status()) {
      case "Active" -> free();
      case "Degraded" -> new Allowed(true, reason);
      case "Banned", "Probing", "Error", "Unknown" -> new Refused(false, reason);
      default -> new Refused(false, "Unknown status: " + status.status());
    };
  }
}
