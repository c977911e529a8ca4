package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why pilots are sent to a queue, or are not, as {@code GET /api/queues} shows it.
 *
 * @param type of the computing element
 * @param siteStatus {@code Active} or {@code Banned}
 * @param breaker {@code closed} (works), {@code open} (left alone), {@code half-open} (one pilot is
 *     tried)
 * @param retryAt when it is tried again; null unless it is left alone
 * @param lastError of the last call that failed, or the last pilots that died; stays until the
 *     configuration changes
 * @param lastSent when the newest pilot of the last six hours was written down; null: none
 * @param limits what may be there
 * @param waits how long its pilots wait
 * @param edge how its pilots call, where they cannot do it themselves: the address of an edge, or
 *     the spool that the servers answer, with how it fares, in words; null: they can
 * @param shares for each VO that may use it
 */
public record QueueInfo(
    String site,
    String ce,
    String queue,
    String type,
    @JsonProperty("site_status") String siteStatus,
    String breaker,
    @JsonProperty("retry_at") @Nullable Instant retryAt,
    @JsonProperty("last_error") @Nullable String lastError,
    @JsonProperty("last_error_at") @Nullable Instant lastErrorAt,
    @JsonProperty("last_sent") @Nullable Instant lastSent,
    Limits limits,
    Waits waits,
    @Nullable String edge,
    List<Share> shares) {

  public QueueInfo {
    shares = List.copyOf(shares);
  }

  /**
   * @param idle configured: so many pilots may wait there ({@code IdlePilots})
   * @param idleNow so many may wait there now: fewer where pilots wait long, one where a queue that
   *     failed is tried
   * @param total so many may be there ({@code MaxTotalPilots})
   */
  public record Limits(int idle, @JsonProperty("idle_now") int idleNow, int total) {}

  /**
   * Of the newest pilots of the last six hours, 50 at most.
   *
   * @param started of them, those that have begun
   * @param expectedSeconds what a pilot waits there, by all of them; null: nothing is known
   * @param longestSeconds the longest wait of those that still wait; null: none does
   */
  public record Waits(
      int started,
      @JsonProperty("expected_seconds") @Nullable Long expectedSeconds,
      @JsonProperty("longest_seconds") @Nullable Long longestSeconds) {}

  /**
   * The queue for one VO.
   *
   * @param jobs waiting jobs that it could run now; one job counts at each queue that fits
   * @param unsent pilots written down, not accepted yet
   * @param waiting pilots that wait for a slot
   * @param unknown pilots that the element does not know
   * @param running pilots that speak
   * @param idle of the running ones, those that hold no job
   * @param next pilots that the plan of this moment would send
   * @param why in words
   */
  public record Share(
      String vo,
      long jobs,
      int unsent,
      int waiting,
      int unknown,
      int running,
      int idle,
      int next,
      String why) {}
}
