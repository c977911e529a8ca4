package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One attempt at one job, given to a pilot.
 *
 * @param attempt number of the attempt, from 1
 * @param jdl the job's description, parameters filled in
 * @param token access token bound to this job and attempt; every request about the job is made with
 *     it, and refused with {@link ErrorCode#STALE_ATTEMPT} once the attempt has ended
 * @param cores cores the job may use (SPINOR_CORES, DIRAC_JOB_PROCESSORS)
 * @param memoryMb memory the job may use, MB; 0: no limit of its own
 * @param cpuSeconds CPU limit in normalised seconds; 0: none
 * @param wallSeconds wall-clock limit; 0: none
 * @param heartbeatSeconds send a heartbeat at least so often; three missed ones end the attempt
 */
public record Assignment(
    @JsonProperty("job_id") JobId jobId,
    int attempt,
    String vo,
    String owner,
    @JsonProperty("owner_group") String ownerGroup,
    String jdl,
    String token,
    int cores,
    @JsonProperty("memory_mb") long memoryMb,
    @JsonProperty("cpu_seconds") long cpuSeconds,
    @JsonProperty("wall_seconds") long wallSeconds,
    @JsonProperty("heartbeat_seconds") int heartbeatSeconds) {}
