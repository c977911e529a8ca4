package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A pilot asks for work: {@code POST /api/pilots/{stamp}/work}.
 *
 * @param requestId chosen by the pilot, up to 64 characters; a repeated request with the same id
 *     gets the same jobs again, so that a lost answer loses no job
 * @param offer what is free on the node now
 * @param maxJobs at most so many jobs, 1 to 64; all of them together fit the offer
 */
public record WorkRequest(
    @JsonProperty("request_id") String requestId,
    Offer offer,
    @JsonProperty("max_jobs") int maxJobs) {}
