package org.spinor.server.jobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A configuration with two VOs, {@code vo} and {@code other}, each with the groups {@code user} and
 * {@code shared} (job sharing), and two sites.
 */
public final class TestConfigurations implements Configurations {
  private final List<Runnable> listeners = new ArrayList<>();
  private volatile Configuration current;

  public TestConfigurations() {
    this.current = configuration(3, 300, true, "");
  }

  @Override
  public Configuration current() {
    return current;
  }

  @Override
  public void onChange(Runnable action) {
    listeners.add(action);
  }

  public void maxInfrastructureFailures(int failures) {
    current = configuration(failures, 300, true, "");
  }

  public void heartbeatSeconds(int seconds) {
    current = configuration(3, seconds, true, "");
  }

  public void globalJobsInfo(boolean global) {
    current = configuration(3, 300, global, "");
  }

  public void containerImage(String image) {
    current = configuration(3, 300, true, image);
  }

  private static Configuration configuration(
      int maxInfrastructureFailures,
      int heartbeatSeconds,
      boolean globalJobsInfo,
      String containerImage) {
    SortedMap<String, Configuration.Vo> registry = new TreeMap<>();
    SortedMap<String, Configuration.Operations> operations = new TreeMap<>();
    for (String vo : List.of("vo", "other")) {
      registry.put(vo, vo(vo));
      operations.put(
          vo,
          new Configuration.Operations(
              new Configuration.JobDescription(
                  86_400,
                  100,
                  500_000,
                  1,
                  0,
                  10,
                  100,
                  Set.of("User", "Test", "Hospital"),
                  100_000,
                  1024,
                  containerImage),
              new Configuration.JobScheduling(
                  3,
                  maxInfrastructureFailures,
                  heartbeatSeconds,
                  false,
                  List.of(),
                  List.of(),
                  List.of(360L, 3_600L, 86_400L)),
              new Configuration.Volunteers("Agreement", java.util.Map.of()),
              globalJobsInfo,
              "InputDataModule",
              "SoftwareModule"));
    }
    SortedMap<String, Configuration.Site> sites = new TreeMap<>();
    for (String site : List.of("LCG.CERN.ch", "LCG.CNAF.it")) {
      sites.put(site, new Configuration.Site(site, new TreeMap<>()));
    }
    SortedMap<String, Set<String>> platforms = new TreeMap<>();
    platforms.put("Linux_x86_64_el9", Set.of("Linux_x86_64_el9", "Linux_x86_64_el8"));
    platforms.put("Linux_x86_64_el8", Set.of("Linux_x86_64_el8"));
    return new Configuration(
        "0".repeat(40),
        Instant.EPOCH,
        registry,
        operations,
        new Configuration.Resources(platforms, sites),
        JsonNodeFactory.instance.objectNode());
  }

  private static Configuration.Vo vo(String name) {
    SortedMap<String, Configuration.Group> groups = new TreeMap<>();
    groups.put(
        "user", new Configuration.Group("user", 1000, Set.of("NormalUser"), Set.of(), false));
    groups.put(
        "shared",
        new Configuration.Group(
            "shared", 1000, Set.of("NormalUser", "JobSharing"), Set.of(), false));
    @Nullable String nothing = null;
    return new Configuration.Vo(
        name,
        "user",
        Optional.empty(),
        new Configuration.Support("", nothing, nothing),
        new TreeMap<>(Map.of()),
        groups);
  }
}
