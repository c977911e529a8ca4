package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Why a job waits, or why it does not: {@code GET /api/jobs/{job_id}/explain}.
 *
 * @param summary one or two sentences a user understands, with what to do next
 * @param verdict {@code runs_soon}, {@code waits_for_free_slot}, {@code waits_for_share}, {@code
 *     limited}, {@code no_resource}, {@code banned}, {@code not_waiting}
 * @param requirements what the job asks for, in words
 * @param clauses each condition of the match, and how many of the known queues and recent pilots it
 *     refuses
 * @param couldRun queues and pilots that would run this job as it is
 * @param jobsAhead waiting jobs of the same requirement class that go first
 * @param shareText the job's place in its share, in words
 */
public record Explanation(
    @JsonProperty("job_id") JobId jobId,
    String status,
    String verdict,
    String summary,
    List<String> requirements,
    List<Clause> clauses,
    @JsonProperty("could_run") List<String> couldRun,
    @JsonProperty("jobs_ahead") long jobsAhead,
    @JsonProperty("share") String shareText) {

  public Explanation {
    requirements = List.copyOf(requirements);
    clauses = List.copyOf(clauses);
    couldRun = List.copyOf(couldRun);
  }

  /**
   * One condition.
   *
   * @param name stable name: {@code cpu_time, site, banned_site, ce, platform, job_type, cores,
   *     memory, gpus, whole_node, tags, required_tags, owner, vo, running_limit, matching_delay,
   *     site_status}
   * @param text the condition in words, with the numbers on both sides
   */
  public record Clause(
      String name,
      String text,
      @JsonProperty("queues_refused") int queuesRefused,
      @JsonProperty("queues_total") int queuesTotal,
      @JsonProperty("pilots_refused") int pilotsRefused,
      @JsonProperty("pilots_total") int pilotsTotal) {}
}
