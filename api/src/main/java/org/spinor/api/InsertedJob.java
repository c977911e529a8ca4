package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/** One job made by {@code POST /api/jobs/jdl}. */
public record InsertedJob(
    @JsonProperty("JobID") JobId jobId,
    @JsonProperty("Status") JobStatus status,
    @JsonProperty("MinorStatus") String minorStatus,
    @JsonProperty("TimeStamp") Instant timeStamp) {}
