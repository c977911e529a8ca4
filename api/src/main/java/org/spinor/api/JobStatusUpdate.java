package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One report of a job's status; in {@code PATCH /api/jobs/status} it stands under the job's id and
 * the time of the report (UTC).
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobStatusUpdate(
    @JsonProperty("Status") @Nullable JobStatus status,
    @JsonProperty("MinorStatus") @Nullable String minorStatus,
    @JsonProperty("ApplicationStatus") @Nullable String applicationStatus,
    @JsonProperty("Source") @Nullable String source) {}
