package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answer to {@link WorkRequest}.
 *
 * @param jobs the jobs to run, possibly none
 * @param waitSeconds where there are none: ask again after so many seconds
 * @param drain true: finish what runs, ask no more
 * @param reason why there are none, or why to drain; in words for the pilot's log; empty otherwise
 */
public record WorkAnswer(
    List<Assignment> jobs,
    @JsonProperty("wait_seconds") int waitSeconds,
    boolean drain,
    String reason) {
  public WorkAnswer {
    jobs = List.copyOf(jobs);
  }
}
