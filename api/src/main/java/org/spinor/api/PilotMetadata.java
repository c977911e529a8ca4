package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a pilot or an operator says of a pilot: {@code PATCH /api/pilots/metadata}, under the
 * pilot's stamp. Absent values stay, unknown ones are refused.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = false)
public record PilotMetadata(
    @JsonProperty("StatusReason") @JsonAlias("status_reason") @Nullable String statusReason,
    @JsonProperty("Status") @JsonAlias("status") @Nullable PilotStatus status,
    @JsonProperty("BenchMark") @JsonAlias("bench_mark") @Nullable Double benchMark,
    @JsonProperty("DestinationSite") @JsonAlias("destination_site")
        @Nullable String destinationSite,
    @JsonProperty("Queue") @JsonAlias("queue") @Nullable String queue,
    @JsonProperty("GridSite") @JsonAlias("grid_site") @Nullable String gridSite,
    @JsonProperty("GridType") @JsonAlias("grid_type") @Nullable String gridType,
    @JsonProperty("AccountingSent") @JsonAlias("accounting_sent") @Nullable Boolean accountingSent,
    @JsonProperty("CurrentJobID") @JsonAlias("current_job_id") @Nullable Long currentJobId) {}
