package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** One try at running a job. */
public record AttemptId(@JsonProperty("job_id") JobId jobId, int attempt) {
  @Override
  public String toString() {
    return jobId + "." + attempt;
  }
}
