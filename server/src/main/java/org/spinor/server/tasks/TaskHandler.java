package org.spinor.server.tasks;

import java.time.Duration;
import java.util.Optional;

/**
 * Does one kind of background work; a bean of the room that needs it. It may be called again for
 * work that was already done (the server died between the work and its receipt), so it is
 * idempotent. On one task only one server works at a time: the lease is renewed while the handler
 * runs.
 */
public interface TaskHandler {
  /** A stable name, {@code room.what}, as {@code jobs.expire-leases}. */
  String type();

  /**
   * @param payload as given to {@link Tasks#add}; empty for recurrent work
   * @throws RuntimeException the work is tried again after a pause that grows; at the end of the
   *     tries it is a dead letter
   */
  void run(String payload);

  /**
   * For recurrent work: again so long after each run, on whichever server. Empty: only on demand.
   */
  default Optional<Duration> every() {
    return Optional.empty();
  }

  /** So many tasks of this type run at once on one server, at most; recurrent work only once. */
  default int atOnce() {
    return 4;
  }

  /** Tries before the work becomes a dead letter; recurrent work never does. */
  default int maxTries() {
    return 10;
  }
}
