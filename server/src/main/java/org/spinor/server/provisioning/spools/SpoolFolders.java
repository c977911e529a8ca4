package org.spinor.server.provisioning.spools;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.PilotParameters;
import org.spinor.server.provisioning.elements.Places;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.SiteFolder;

/** The spools of the queues whose {@code Edge} is the server itself. */
final class SpoolFolders {
  private static final Logger log = LoggerFactory.getLogger(SpoolFolders.class);

  private final Places places;
  private final Elements elements;
  private final Map<Pilots.Queue, Known> known = new ConcurrentHashMap<>();

  /**
   * Asking for a place makes a folder: so it is remembered.
   *
   * @param place empty: the queue's configuration is wrong
   */
  private record Known(String fingerprint, Optional<String> place) {}

  /**
   * A spool, as the first of its queues describes it.
   *
   * @param fingerprint differs where it would be opened in another way
   */
  record Wanted(Elements elements, Configuration.Queue queue, String path, String fingerprint) {
    /**
     * Opens it; touches nobody.
     *
     * @throws PluginException it cannot be opened as it is configured
     */
    SiteFolder open() {
      return elements.folder(queue, path);
    }
  }

  SpoolFolders(Places places, Elements elements) {
    this.places = places;
    this.elements = elements;
  }

  /** All of them, by their places; queues with the same place share one. */
  Map<String, Wanted> wanted() {
    Map<String, Wanted> wanted = new LinkedHashMap<>();
    List<Configuration.Queue> queues =
        places.queues().values().stream()
            .sorted(
                Comparator.comparing(Configuration.Queue::site)
                    .thenComparing(Configuration.Queue::ce)
                    .thenComparing(Configuration.Queue::name))
            .toList();
    known.keySet().retainAll(queues.stream().map(Elements::key).toList());
    for (Configuration.Queue queue : queues) {
      String path = PilotParameters.spool(queue).orElse("");
      place(queue)
          .ifPresent(
              place ->
                  wanted.putIfAbsent(
                      place, new Wanted(elements, queue, path, Elements.fingerprint(queue))));
    }
    return wanted;
  }

  /** Where the spool of each queue that has one is; empty: its configuration is wrong. */
  Map<Pilots.Queue, String> byQueue() {
    Map<Pilots.Queue, String> found = new LinkedHashMap<>();
    places
        .queues()
        .forEach(
            (key, queue) -> {
              if (PilotParameters.spool(queue).isPresent()) {
                found.put(key, place(queue).orElse(""));
              }
            });
    return found;
  }

  /** Where the spool of a queue is; empty: it has none that the servers answer. */
  Optional<String> place(Configuration.Queue queue) {
    Optional<String> path = PilotParameters.spool(queue);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    String fingerprint = Elements.fingerprint(queue);
    return known
        .compute(
            Elements.key(queue),
            (_, last) ->
                last != null && last.fingerprint().equals(fingerprint)
                    ? last
                    : new Known(fingerprint, ask(queue, path.get())))
        .place();
  }

  private Optional<String> ask(Configuration.Queue queue, String path) {
    try (SiteFolder folder = elements.folder(queue, path)) {
      return Optional.of(folder.place());
    } catch (PluginException e) {
      log.warn("the spool of {} cannot be used: {}", Elements.key(queue), e.getMessage());
      return Optional.empty();
    }
  }
}
