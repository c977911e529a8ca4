package org.spinor.server.matching;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import tools.jackson.databind.node.JsonNodeFactory;

/** A configuration of one VO for tests: groups, limits and delays as they need them. */
public final class TestConfiguration implements Configurations {
  private final SortedMap<String, Configuration.Group> groups = new TreeMap<>();
  private final List<Configuration.RunningLimit> limits = new ArrayList<>();
  private final List<Configuration.MatchingDelay> delays = new ArrayList<>();
  private boolean correction;
  private int revision;
  private Configuration current;

  public TestConfiguration() {
    group("user", 1000, false, false);
    current = make();
  }

  public TestConfiguration group(String name, int share, boolean sharing, boolean background) {
    groups.put(
        name,
        new Configuration.Group(
            name,
            share,
            sharing ? Set.of("NormalUser", "JobSharing") : Set.of("NormalUser"),
            Set.of(),
            background));
    current = make();
    return this;
  }

  public TestConfiguration limit(String site, String attribute, String value, int limit) {
    limits.add(new Configuration.RunningLimit(site, Optional.empty(), attribute, value, limit));
    current = make();
    return this;
  }

  public TestConfiguration limitAtCe(
      String site, String ce, String attribute, String value, int limit) {
    limits.add(new Configuration.RunningLimit(site, Optional.of(ce), attribute, value, limit));
    current = make();
    return this;
  }

  public TestConfiguration delay(String site, String attribute, String value, int seconds) {
    delays.add(new Configuration.MatchingDelay(site, attribute, value, seconds));
    current = make();
    return this;
  }

  public TestConfiguration withoutRules() {
    limits.clear();
    delays.clear();
    current = make();
    return this;
  }

  TestConfiguration correction() {
    correction = true;
    current = make();
    return this;
  }

  @Override
  public Configuration current() {
    return current;
  }

  @Override
  public void onChange(Runnable action) {}

  private Configuration make() {
    Configuration.JobScheduling scheduling =
        new Configuration.JobScheduling(
            3,
            5,
            300,
            correction,
            List.copyOf(limits),
            List.copyOf(delays),
            List.of(360L, 1800L, 3600L, 21_600L, 86_400L));
    Configuration.Operations operations =
        new Configuration.Operations(
            new Configuration.JobDescription(
                86_400, 100, 500_000, 1, 0, 10, 500, Set.of("User", "Test"), 100_000, 1024, ""),
            scheduling,
            new Configuration.Volunteers("Agreement", java.util.Map.of()),
            true,
            "",
            "");
    Configuration.Vo vo =
        new Configuration.Vo(
            "vo",
            "user",
            Optional.empty(),
            new Configuration.Support("", null, null),
            new TreeMap<>(),
            new TreeMap<>(groups));
    return new Configuration(
        "revision-" + ++revision,
        Instant.EPOCH,
        new TreeMap<>(java.util.Map.of("vo", vo)),
        new TreeMap<>(java.util.Map.of("vo", operations)),
        new Configuration.Resources(new TreeMap<>(), new TreeMap<>()),
        JsonNodeFactory.instance.objectNode());
  }
}
