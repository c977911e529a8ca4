package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as {@code GET /api/jobs/{job_id}/attempts} shows it.
 *
 * @param outcome null while it runs; {@code done}, {@code failed} (the payload's fault), {@code
 *     infrastructure} (requeued at no cost), {@code killed}, {@code rescheduled}; of volunteers
 *     also {@code unverified} (a validator is to look at its results), {@code undecided} (another
 *     result is needed to compare), {@code rejected}
 */
public record JobAttempt(
    int attempt,
    @JsonProperty("pilot_stamp") String pilotStamp,
    String site,
    String ce,
    Instant started,
    @Nullable Instant ended,
    @Nullable String outcome,
    @Nullable String reason) {}
