package org.spinor.server.provisioning.elements;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spinor.api.Offer;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.resources.Sites;

/** The configured queues, each for every VO that may use it. */
public final class Places {
  private final Sites sites;
  private final Configurations configurations;

  /** A queue for one VO. */
  public record Place(Configuration.Queue queue, String vo, Offer offer) {}

  Places(Sites sites, Configurations configurations) {
    this.sites = sites;
    this.configurations = configurations;
  }

  public Map<Pilots.Queue, Configuration.Queue> queues() {
    Map<Pilots.Queue, Configuration.Queue> queues = new LinkedHashMap<>();
    sites.queues().forEach(known -> queues.put(Elements.key(known.queue()), known.queue()));
    return queues;
  }

  public List<Place> all() {
    Collection<String> vos = configurations.current().registry().keySet();
    List<Place> places = new ArrayList<>();
    for (Sites.KnownQueue known : sites.queues()) {
      Configuration.Queue queue = known.queue();
      for (String vo : queue.vos().isEmpty() ? vos : queue.vos()) {
        places.add(new Place(queue, vo, known.offer().ofVo(vo)));
      }
    }
    return places;
  }
}
