package org.spinor.pilot.payload;

/**
 * What a payload uses and has used.
 *
 * @param processes alive now
 * @param cpuSeconds of all its processes, those that ended included
 * @param residentBytes resident memory: the control group's count where it has one, else the sum
 *     over processes, in which pages shared between them count in each
 * @param virtualBytes virtual memory
 */
public record Usage(int processes, double cpuSeconds, long residentBytes, long virtualBytes) {
  public static final Usage NONE = new Usage(0, 0, 0, 0);
}
