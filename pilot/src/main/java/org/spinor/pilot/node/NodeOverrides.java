package org.spinor.pilot.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the pilot was told of its node; it goes before what is found.
 *
 * @param cores cores to use; 0: what the slot has
 * @param memoryMb memory to use, MB; 0: what the slot has
 * @param diskMb scratch space to use, MB; 0: what is free
 * @param gpus GPUs to use; -1: what the slot has
 * @param cpuPower CPU power on the DB12 scale; 0: measure
 * @param platforms platforms it can run, best first; empty: what is found
 * @param maxWall wall-clock time of the slot from the pilot's start; empty: ask the batch system
 */
public record NodeOverrides(
    int cores,
    long memoryMb,
    long diskMb,
    int gpus,
    double cpuPower,
    List<String> platforms,
    Optional<Duration> maxWall) {

  public NodeOverrides {
    platforms = List.copyOf(platforms);
  }

  /** Nothing told: everything is found. */
  public static NodeOverrides none() {
    return new NodeOverrides(0, 0, 0, -1, 0, List.of(), Optional.empty());
  }
}
