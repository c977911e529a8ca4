package org.spinor.server.resources;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import tools.jackson.databind.node.JsonNodeFactory;

/** A configuration with just sites in it, changed by tests. */
public final class TestSites implements Configurations {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Configuration current;
  private int revision;

  public TestSites(Configuration.Queue... queues) {
    this.current = configuration(queues);
  }

  /** A queue of one core for the VO {@code dteam}: one idle pilot, ten at most. */
  public static Configuration.Queue queue(String site, String ce, String name) {
    return queue(site, ce, name, "Memory", 1, 1, 10, Map.of());
  }

  public static Configuration.Queue queue(
      String site,
      String ce,
      String name,
      String type,
      int cores,
      int idlePilots,
      int maxPilots,
      Map<String, String> parameters) {
    return new Configuration.Queue(
        site,
        ce,
        name,
        type,
        Set.of("dteam"),
        86_400,
        cores,
        0,
        0,
        false,
        List.of(),
        List.of(),
        List.of(),
        idlePilots,
        maxPilots,
        parameters);
  }

  /** Replaces the queues, as a new revision. */
  public void change(Configuration.Queue... queues) {
    current = configuration(queues);
    listeners.forEach(Runnable::run);
  }

  @Override
  public Configuration current() {
    return current;
  }

  @Override
  public void onChange(Runnable action) {
    listeners.add(action);
  }

  private Configuration configuration(Configuration.Queue... queues) {
    SortedMap<String, Configuration.Site> sites = new TreeMap<>();
    for (Configuration.Queue queue : queues) {
      sites.computeIfAbsent(queue.site(), name -> site(name, queues));
    }
    return new Configuration(
        Integer.toString(++revision),
        Instant.parse("2026-11-21T00:00:00Z").plusSeconds(revision),
        new TreeMap<>(Map.of("dteam", vo("dteam"), "biomed", vo("biomed"))),
        new TreeMap<>(),
        new Configuration.Resources(new TreeMap<>(), sites),
        JsonNodeFactory.instance.objectNode());
  }

  private static Configuration.Vo vo(String name) {
    return new Configuration.Vo(
        name,
        "user",
        Optional.empty(),
        new Configuration.Support("ask", null, null),
        new TreeMap<>(),
        new TreeMap<>());
  }

  private static Configuration.Site site(String name, Configuration.Queue... queues) {
    SortedMap<String, Configuration.ComputingElement> elements = new TreeMap<>();
    Arrays.stream(queues)
        .filter(queue -> queue.site().equals(name))
        .forEach(
            queue ->
                elements
                    .computeIfAbsent(
                        queue.ce(),
                        ce ->
                            new Configuration.ComputingElement(
                                name, ce, queue.ceType(), Map.of(), new TreeMap<>()))
                    .queues()
                    .put(queue.name(), queue));
    return new Configuration.Site(name, elements);
  }
}
