package org.spinor.pilot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;

/** The node's cores, memory and GPUs, shared out to jobs. Not thread-safe. */
final class Slots {
  /** What the pilot itself needs, MB. */
  private static final long OWN_MEMORY_MB = 150;

  /**
   * @param gpus those that it has
   */
  private record Taken(Assignment job, List<String> gpus) {}

  private final int cores;
  private final long memoryMb;
  private final boolean pool;
  private final int maxParallel;
  private final GpuShares gpus;
  private final Map<AttemptId, Taken> taken = new HashMap<>();

  /** A node without GPUs. */
  Slots(int cores, long memoryMb, boolean pool, int maxParallel) {
    this(cores, memoryMb, pool, maxParallel, GpuShares.none());
  }

  /**
   * @param pool false: one job at a time, which has everything
   */
  Slots(int cores, long memoryMb, boolean pool, int maxParallel, GpuShares gpus) {
    this.cores = cores;
    this.memoryMb = Math.max(0, memoryMb - OWN_MEMORY_MB);
    this.pool = pool;
    this.maxParallel = maxParallel;
    this.gpus = gpus;
  }

  /**
   * A job begins.
   *
   * @return variables by which its payload uses its own GPUs only
   */
  Map<String, String> take(Assignment job) {
    List<String> free = freeDevices();
    int wanted = pool ? Math.min(gpus.wanted(job.jdl()), free.size()) : free.size();
    List<String> own = List.copyOf(free.subList(0, wanted));
    taken.put(new AttemptId(job.jobId(), job.attempt()), new Taken(job, own));
    return gpus.visible(own);
  }

  void free(Assignment job) {
    taken.remove(new AttemptId(job.jobId(), job.attempt()));
  }

  boolean idle() {
    return taken.isEmpty();
  }

  int freeCores() {
    if (!pool) {
      return idle() ? cores : 0;
    }
    return Math.max(
        0, cores - taken.values().stream().mapToInt(one -> Math.max(1, one.job().cores())).sum());
  }

  long freeMemoryMb() {
    return Math.max(
        0, memoryMb - taken.values().stream().mapToLong(one -> one.job().memoryMb()).sum());
  }

  int freeGpus() {
    return pool || idle() ? freeDevices().size() : 0;
  }

  private List<String> freeDevices() {
    List<String> free = new ArrayList<>(gpus.devices());
    taken.values().forEach(one -> free.removeAll(one.gpus()));
    return free;
  }

  /** How many more jobs may begin. */
  int freeJobs() {
    int most = pool ? Math.min(maxParallel - taken.size(), freeCores()) : freeCores() > 0 ? 1 : 0;
    return Math.clamp(most, 0, 64);
  }
}
