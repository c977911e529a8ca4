package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A worker node on which jobs failed within moments, as {@code GET /api/nodes} shows it.
 *
 * @param host as its pilots call it
 * @param fastFailures in a row, since the last job that went well, or since it was put aside
 * @param asideUntil gets no work before; null: it gets work
 * @param reason why it is, or was last, put aside; empty: it never was
 * @param pilots that run there now
 */
public record NodeInfo(
    String site,
    String host,
    @JsonProperty("fast_failures") int fastFailures,
    @JsonProperty("last_failure") Instant lastFailure,
    @JsonProperty("aside_until") @Nullable Instant asideUntil,
    String reason,
    int pilots) {}
