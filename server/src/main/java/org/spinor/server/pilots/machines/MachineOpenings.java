package org.spinor.server.pilots.machines;

import java.util.List;
import java.util.Optional;
import org.spinor.api.Offer;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.resources.Sites;
import org.springframework.stereotype.Component;

/** Whether pilots of machines may run at a queue, and whether they would find jobs there. */
@Component
final class MachineOpenings {
  private final MachineQueues queues;
  private final SiteStatuses sites;
  private final Demand demand;

  MachineOpenings(MachineQueues queues, SiteStatuses sites, Demand demand) {
    this.queues = queues;
    this.sites = sites;
    this.demand = demand;
  }

  /** As it is configured now. */
  Optional<Configuration.Queue> queue(Pilots.Queue place) {
    return queues.configured(place);
  }

  /** Why no machine may run pilots there now. */
  Optional<String> closed(Machine machine, Optional<Configuration.Queue> queue) {
    Pilots.Queue place = machine.place();
    if (queue.isEmpty()) {
      return Optional.of(
          "the queue %s of %s at %s is not in the configuration"
              .formatted(place.name(), place.ce(), place.site()));
    }
    if (!queues.admits(queue.get(), machine.vo())) {
      return Optional.of("its queue is no longer for VO " + machine.vo());
    }
    SiteStatuses.SiteStatus status = sites.of(place.site());
    if (status.active()) {
      return Optional.empty();
    }
    return Optional.of(
        "the site is banned" + (status.reason().isBlank() ? "" : ": " + status.reason()));
  }

  /** Whether jobs wait that pilots of the VO could run there, by the conditions of a match. */
  boolean hasWork(Configuration.Queue queue, String vo) {
    Offer offer = new Sites.KnownQueue(queue, true, "").offer();
    return !demand.servable(List.of(offer.ofVo(vo))).isEmpty();
  }
}
