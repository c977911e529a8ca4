package org.spinor.server.jobs;

import java.util.SortedSet;

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
    int gpus) {
  public static final int ALL_CORES = Integer.MAX_VALUE;
}
