package org.spinor.server.provisioning.queues;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.ComputingElement;

/**
 * One round of work on a queue, pilot by pilot at the element of its VO. Where a VO has no
 * credential its pilots are left out for a while; every other failure ends the round.
 */
final class Lanes {
  private final Configuration.Queue queue;
  private final Pilots.Queue key;
  private final Elements elements;
  private final VoPauses pauses;
  private final Set<String> paused = new HashSet<>();
  private final Map<String, PluginException> withoutCredential = new LinkedHashMap<>();
  private final Set<String> working = new HashSet<>();
  private boolean called;

  /** What is done with some pilots at their element; whether that was a call that went well. */
  interface Step<T> {
    boolean at(ComputingElement element, List<T> pilots);
  }

  Lanes(Configuration.Queue queue, Elements elements, VoPauses pauses) {
    this.queue = queue;
    this.key = Elements.key(queue);
    this.elements = elements;
    this.pauses = pauses;
    pauses.now().stream()
        .filter(pause -> pause.queue().equals(key))
        .forEach(pause -> paused.add(pause.vo()));
  }

  /** VOs whose pilots are left out of this round. */
  Set<String> paused() {
    return paused;
  }

  /**
   * @throws PluginException the element failed
   */
  <T> void each(List<T> pilots, Function<T, String> vo, Step<T> step) {
    Map<Optional<String>, List<T>> byLane = new LinkedHashMap<>();
    for (T pilot : pilots) {
      byLane
          .computeIfAbsent(elements.lane(queue, vo.apply(pilot)), any -> new ArrayList<>())
          .add(pilot);
    }
    byLane.forEach((lane, some) -> work(lane, some, step));
  }

  private <T> void work(Optional<String> lane, List<T> pilots, Step<T> step) {
    if (lane.filter(withoutCredential::containsKey).isPresent()) {
      return;
    }
    try {
      boolean well = step.at(elements.of(queue, lane), pilots);
      called |= well;
      if (well) {
        lane.ifPresent(working::add);
      }
    } catch (PluginException e) {
      if (lane.isEmpty() || !isAboutCredentials(e)) {
        throw e;
      }
      withoutCredential.put(lane.get(), e);
    }
  }

  private static boolean isAboutCredentials(Throwable failure) {
    Throwable each = failure;
    while (each != null && !(each instanceof BrokerException)) {
      each = each.getCause();
    }
    return each != null;
  }

  /** Whether a call went well. */
  boolean called() {
    return called;
  }

  /**
   * Writes down which VOs wait, and gives the reasons.
   *
   * @param pause the first one
   */
  List<String> close(Duration pause) {
    working.removeAll(withoutCredential.keySet());
    working.forEach(vo -> pauses.end(key, vo));
    withoutCredential.keySet().forEach(vo -> pauses.begin(key, vo, pause));
    return withoutCredential.values().stream().map(e -> String.valueOf(e.getMessage())).toList();
  }
}
