package org.spinor.server.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.SortedSet;
import org.spinor.server.configuration.Configuration;

/**
 * What a job asks of whoever runs it. Jobs with equal requirements form one class; the matcher
 * thinks in classes only.
 *
 * @param cpuTime normalised CPU seconds; the matcher rounds it up to a segment
 * @param sites empty: any; likewise for the other sets
 * @param jobGroup as submitted; the matcher drops it unless a limit or a delay names it
 * @param tags tags as written in the JDL; those that follow from cores, memory and GPUs are not
 *     among them
 * @param minCores cores without which the job does not run, at least 1
 * @param maxCores cores it can use; {@link #ALL_CORES}: as many as there are
 * @param memoryMb 0: not stated
 * @param volunteers may also run where nobody vouches for the machine; left out of the stored form
 *     where it is not so, which keeps the classes of earlier servers
 */
public record Requirements(
    String vo,
    String owner,
    String ownerGroup,
    long cpuTime,
    SortedSet<String> sites,
    SortedSet<String> bannedSites,
    SortedSet<String> ces,
    SortedSet<String> platforms,
    String jobType,
    String jobGroup,
    SortedSet<String> tags,
    int minCores,
    int maxCores,
    boolean wholeNode,
    long memoryMb,
    int gpus,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean volunteers) {
  public static final int ALL_CORES = Integer.MAX_VALUE;

  /**
   * The tag that untrusted places require. It follows from {@link #volunteers} alone, as {@code
   * GPU} follows from GPUs.
   */
  public static final String VOLUNTEERS = Configuration.VOLUNTEERS;
}
