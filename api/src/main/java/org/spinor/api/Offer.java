package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a pilot, or a queue before any pilot runs there, offers to jobs. Where it comes from a
 * pilot, the server replaces site, computing element, queue and VO by what it knows of that pilot:
 * a pilot describes its node, never its place.
 *
 * @param site DIRAC site name, as {@code LCG.CERN.ch}; empty: not stated
 * @param ce computing element; empty: not stated
 * @param queue queue of the computing element; empty: not stated
 * @param vos VOs whose jobs may run; empty: any
 * @param ownerGroups groups whose jobs may run; empty: any
 * @param owners owners whose jobs may run; empty: any
 * @param platforms platforms the node can run, best first; empty or {@code any}: the test is off
 * @param jobTypes job types it takes; empty or {@code any}: all
 * @param bannedJobTypes job types it refuses
 * @param tags tags it offers besides those that follow from cores, memory and GPUs; {@code any}:
 *     the tag test is off
 * @param requiredTags tags a job must ask for to run here
 * @param cpuTime CPU work left in normalised seconds (seconds times CPU power) for one core
 * @param cores processor cores free for jobs
 * @param wholeNode whether a job that wants the whole node may have it (nothing else runs)
 * @param memoryMb memory free for jobs, MB (1,000,000 bytes)
 * @param diskMb scratch space free, MB
 * @param gpus GPUs free for jobs
 */
public record Offer(
    String site,
    String ce,
    String queue,
    List<String> vos,
    @JsonProperty("owner_groups") List<String> ownerGroups,
    List<String> owners,
    List<String> platforms,
    @JsonProperty("job_types") List<String> jobTypes,
    @JsonProperty("banned_job_types") List<String> bannedJobTypes,
    List<String> tags,
    @JsonProperty("required_tags") List<String> requiredTags,
    @JsonProperty("cpu_time") long cpuTime,
    int cores,
    @JsonProperty("whole_node") boolean wholeNode,
    @JsonProperty("memory_mb") long memoryMb,
    @JsonProperty("disk_mb") long diskMb,
    int gpus) {

  public Offer {
    vos = List.copyOf(vos);
    ownerGroups = List.copyOf(ownerGroups);
    owners = List.copyOf(owners);
    platforms = List.copyOf(platforms);
    jobTypes = List.copyOf(jobTypes);
    bannedJobTypes = List.copyOf(bannedJobTypes);
    tags = List.copyOf(tags);
    requiredTags = List.copyOf(requiredTags);
  }

  /** The same, for pilots of one VO. */
  public Offer ofVo(String vo) {
    return with(List.of(vo), cpuTime, cores, memoryMb, diskMb);
  }

  /**
   * The same with other room.
   *
   * @param time CPU seconds
   */
  public Offer withRoom(long time, int slots, long memory, long disk) {
    return with(vos, time, slots, memory, disk);
  }

  private Offer with(List<String> allowed, long time, int slots, long memory, long disk) {
    return new Offer(
        site,
        ce,
        queue,
        allowed,
        ownerGroups,
        owners,
        platforms,
        jobTypes,
        bannedJobTypes,
        tags,
        requiredTags,
        time,
        slots,
        wholeNode,
        memory,
        disk,
        gpus);
  }
}
