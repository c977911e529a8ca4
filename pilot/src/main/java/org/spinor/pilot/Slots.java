package org.spinor.pilot;

import java.util.HashMap;
import java.util.Map;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;

/** The node's cores and memory, shared out to jobs. Not thread-safe. */
final class Slots {
  /** What the pilot itself needs, MB. */
  private static final long OWN_MEMORY_MB = 150;

  private final int cores;
  private final long memoryMb;
  private final boolean pool;
  private final int maxParallel;
  private final Map<AttemptId, Assignment> taken = new HashMap<>();

  /**
   * @param pool false: one job at a time, which has everything
   */
  Slots(int cores, long memoryMb, boolean pool, int maxParallel) {
    this.cores = cores;
    this.memoryMb = Math.max(0, memoryMb - OWN_MEMORY_MB);
    this.pool = pool;
    this.maxParallel = maxParallel;
  }

  void take(Assignment job) {
    taken.put(new AttemptId(job.jobId(), job.attempt()), job);
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
        0, cores - taken.values().stream().mapToInt(job -> Math.max(1, job.cores())).sum());
  }

  long freeMemoryMb() {
    return Math.max(0, memoryMb - taken.values().stream().mapToLong(Assignment::memoryMb).sum());
  }

  /** How many more jobs may begin. */
  int freeJobs() {
    int most = pool ? Math.min(maxParallel - taken.size(), freeCores()) : freeCores() > 0 ? 1 : 0;
    return Math.clamp(most, 0, 64);
  }
}
