package org.spinor.server.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as operators see it.
 *
 * @param state {@code waiting}, {@code running} or {@code dead}: given up after all its tries
 * @param runAt due from then on
 * @param tries since the last success
 */
record TaskView(
    long id,
    String type,
    String payload,
    boolean recurrent,
    String state,
    @JsonProperty("run_at") Instant runAt,
    @JsonProperty("lease_until") @Nullable Instant leaseUntil,
    @JsonProperty("leased_by") @Nullable String leasedBy,
    int tries,
    @JsonProperty("last_error") @Nullable String lastError,
    Instant created) {

  /** How many there are of a kind, and how late the first is. */
  record Count(
      String type, String state, long count, @JsonProperty("first_run_at") Instant firstRunAt) {}
}
