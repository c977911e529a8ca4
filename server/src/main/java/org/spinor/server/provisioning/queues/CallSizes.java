package org.spinor.server.provisioning.queues;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.spinor.server.pilots.Pilots;

/**
 * How many pilots go into one call to each queue: half as many after a call that failed for the
 * time being, as it may have been too many to answer in time; a tenth more after each that went
 * well.
 */
final class CallSizes {
  private final int most;
  private final Map<Pilots.Queue, Integer> sizes = new ConcurrentHashMap<>();

  CallSizes(int most) {
    this.most = most;
  }

  int of(Pilots.Queue queue) {
    return sizes.getOrDefault(queue, most);
  }

  void tooMuch(Pilots.Queue queue) {
    sizes.put(queue, Math.max(1, of(queue) / 2));
  }

  void well(Pilots.Queue queue) {
    sizes.computeIfPresent(
        queue,
        (_, size) -> {
          int next = size + Math.max(1, size / 10);
          return next >= most ? null : next;
        });
  }
}
