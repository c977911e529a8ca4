package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A site as {@code GET /api/sites} shows it.
 *
 * @param status {@code Active} or {@code Banned}
 * @param silentSince the last word from a site of several machines of which nobody is heard now;
 *     otherwise null
 */
public record SiteInfo(
    String name,
    String status,
    String reason,
    @JsonProperty("changed_by") @Nullable String changedBy,
    @JsonProperty("changed_at") @Nullable Instant changedAt,
    @JsonProperty("silent_since") @Nullable Instant silentSince,
    @JsonProperty("computing_elements") List<ComputingElement> computingElements) {

  public SiteInfo {
    computingElements = List.copyOf(computingElements);
  }

  /** A computing element and its queues. */
  public record ComputingElement(String name, String type, List<Queue> queues) {
    public ComputingElement {
      queues = List.copyOf(queues);
    }
  }

  /**
   * A queue with the pilots there now.
   *
   * @param breaker {@code closed} (works), {@code open} (submissions stopped after failures),
   *     {@code half-open} (one probe allowed)
   */
  public record Queue(
      String name,
      @JsonProperty("pilots_waiting") long pilotsWaiting,
      @JsonProperty("pilots_running") long pilotsRunning,
      String breaker,
      @JsonProperty("last_error") @Nullable String lastError) {}
}
