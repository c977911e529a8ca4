package org.spinor.server.pilots.contact;

import java.util.Optional;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.pilots.nodes.BlackHoles;
import org.spinor.server.resources.SiteStatuses;
import org.springframework.stereotype.Component;

/** Whether a pilot, its node, its queue and its site are fit for work. */
@Component
public final class Places {
  private final Configurations configurations;
  private final SiteStatuses sites;
  private final BlackHoles nodes;

  Places(Configurations configurations, SiteStatuses sites, BlackHoles nodes) {
    this.configurations = configurations;
    this.sites = sites;
    this.nodes = nodes;
  }

  /** Why the pilot gets no work at all, and shall end when it has done what it has. */
  public Optional<String> refusal(Standing pilot) {
    if (pilot.drain().on()) {
      return Optional.of(pilot.drain().reason());
    }
    if (pilot.provisioned() && queue(pilot).isEmpty()) {
      return Optional.of(
          "the queue "
              + pilot.place().queue()
              + " of "
              + pilot.place().ce()
              + " is no longer in the configuration");
    }
    return nodes.reason(pilot.place().site(), pilot.host());
  }

  /** Why the site is banned; empty: it is not, or nobody knows it. */
  public Optional<String> banned(Standing pilot) {
    SiteStatuses.SiteStatus status = sites.of(pilot.place().site());
    return status.active()
        ? Optional.empty()
        : Optional.of("the site " + pilot.place().site() + " is banned" + because(status.reason()));
  }

  private static String because(String reason) {
    return reason.isBlank() ? "" : ": " + reason;
  }

  /** Whether the pilot is where nobody vouches for the machines. */
  public boolean untrusted(Standing pilot) {
    return queue(pilot).filter(Configuration.Queue::untrusted).isPresent();
  }

  /** The queue of the configuration in which the pilot is. */
  public Optional<Configuration.Queue> queue(Standing pilot) {
    Standing.Place place = pilot.place();
    return Optional.ofNullable(configurations.current().resources().sites().get(place.site()))
        .flatMap(site -> Optional.ofNullable(site.computingElements().get(place.ce())))
        .flatMap(element -> Optional.ofNullable(element.queues().get(place.queue())));
  }
}
