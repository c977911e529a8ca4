package org.spinor.server.jobs.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;

/**
 * The body of {@code PATCH /api/jobs/metadata} for the OpenAPI document: what has a known meaning.
 */
final class MetadataFields {
  private MetadataFields() {}

  /** By job. */
  interface ByJob extends Map<Long, JobMetaData> {}

  /**
   * Columns of the job, then parameters that pilots and wrappers have always sent. Any other name
   * is a parameter too; what is null is skipped.
   */
  @Schema(additionalProperties = AdditionalPropertiesValue.TRUE)
  record JobMetaData(
      @JsonProperty("JobType") @Nullable String jobType,
      @JsonProperty("JobGroup") @Nullable String jobGroup,
      @JsonProperty("Site") @Nullable String site,
      @JsonProperty("JobName") @Nullable String jobName,
      @JsonProperty("Owner") @Nullable String owner,
      @JsonProperty("OwnerGroup") @Nullable String ownerGroup,
      @JsonProperty("VO") @Nullable String vo,
      @JsonProperty("SubmissionTime") @Nullable Instant submissionTime,
      @JsonProperty("RescheduleTime") @Nullable Instant rescheduleTime,
      @JsonProperty("LastUpdateTime") @Nullable Instant lastUpdateTime,
      @JsonProperty("StartExecTime") @Nullable Instant startExecTime,
      @JsonProperty("HeartBeatTime") @Nullable Instant heartBeatTime,
      @JsonProperty("EndExecTime") @Nullable Instant endExecTime,
      @JsonProperty("Status") @Nullable JobStatus status,
      @JsonProperty("MinorStatus") @Nullable String minorStatus,
      @JsonProperty("ApplicationStatus") @Nullable String applicationStatus,
      @JsonProperty("UserPriority") @Nullable Integer userPriority,
      @JsonProperty("RescheduleCounter") @Nullable Integer rescheduleCounter,
      @JsonProperty("VerifiedFlag") @Nullable Boolean verifiedFlag,
      @JsonProperty("AccountedFlag") @Schema(types = {"boolean", "string"})
          @Nullable Object accountedFlag,
      @JsonProperty("timestamp") @Nullable Instant timestamp,
      @JsonProperty("CPUNormalizationFactor") @Nullable Integer cpuNormalizationFactor,
      @JsonProperty("NormCPUTime(s)") @Nullable Integer normCpuTime,
      @JsonProperty("TotalCPUTime(s)") @Nullable Integer totalCpuTime,
      @JsonProperty("Memory(MB)") @Nullable Integer memory,
      @JsonProperty("PayloadPID") @Nullable Integer payloadPid,
      @JsonProperty("HostName") @Nullable String hostName,
      @JsonProperty("GridCE") @Nullable String gridCe,
      @JsonProperty("CEQueue") @Nullable String ceQueue,
      @JsonProperty("BatchSystem") @Nullable String batchSystem,
      @JsonProperty("ModelName") @Nullable String modelName,
      @JsonProperty("PilotAgent") @Nullable String pilotAgent,
      @JsonProperty("Pilot_Reference") @Nullable String pilotReference,
      @JsonProperty("LocalAccount") @Nullable String localAccount,
      @JsonProperty("JobStatus") @Nullable String jobStatus) {}
}
