package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a wrapper measures of a running job: {@code PATCH /api/jobs/heartbeat}, under the job's id.
 * Absent values are skipped, unknown ones refused.
 *
 * @param memoryUsed resident memory of the payload's processes, MB
 * @param vsize their virtual memory, MB
 * @param availableDiskSpace free scratch space, MB
 * @param cpuConsumed CPU seconds of the payload so far
 * @param wallClockTime seconds since the payload began
 * @param standardOutput the last lines of the payload's standard output
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = false)
public record HeartbeatData(
    @JsonProperty("LoadAverage") @Nullable Double loadAverage,
    @JsonProperty("MemoryUsed") @Nullable Double memoryUsed,
    @JsonProperty("Vsize") @Nullable Double vsize,
    @JsonProperty("AvailableDiskSpace") @Nullable Double availableDiskSpace,
    @JsonProperty("CPUConsumed") @Nullable Double cpuConsumed,
    @JsonProperty("WallClockTime") @Nullable Double wallClockTime,
    @JsonProperty("StandardOutput") @Nullable String standardOutput) {}
