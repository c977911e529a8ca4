package org.spinor.server.resources;

import java.util.List;
import java.util.Optional;
import org.spinor.api.Offer;
import org.spinor.server.configuration.Configuration;

/** Sites, elements and queues with their status. */
public interface Sites {
  /**
   * A configured queue.
   *
   * @param usable false: its site is banned; only jobs of type Test may go there
   */
  record KnownQueue(Configuration.Queue queue, boolean usable, String statusReason) {

    /**
     * What a pilot there will offer at best; values that only a pilot can see are taken as
     * sufficient.
     */
    public Offer offer() {
      Configuration.Queue q = queue;
      return new Offer(
          q.site(),
          q.ce(),
          q.name(),
          List.copyOf(q.vos()),
          List.of(),
          List.of(),
          q.platforms(),
          List.of(),
          List.of(),
          q.tags(),
          q.requiredTags(),
          q.cpuTime(),
          cores(),
          true,
          q.memoryMb() == 0 ? Long.MAX_VALUE : q.memoryMb(),
          Long.MAX_VALUE,
          q.gpus());
    }

    /**
     * Pilots of the local plug-in run on this very host: what it has is known before any of them
     * looks.
     */
    private int cores() {
      if (queue.cores() > 0) {
        return queue.cores();
      }
      return queue.ceType().equals("Local")
          ? Runtime.getRuntime().availableProcessors()
          : Integer.MAX_VALUE;
    }
  }

  List<KnownQueue> queues();

  /** Empty: no such site in the configuration. */
  Optional<Boolean> usable(String site);
}
