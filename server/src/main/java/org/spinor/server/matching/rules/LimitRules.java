package org.spinor.server.matching.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.jobs.Requirements;

/** The running limits and matching delays of all VOs, as configured. */
public final class LimitRules {
  /** By site: the greatest number that may run under each key. */
  private final Map<String, Map<LimitKey, Integer>> limits = new HashMap<>();

  /** By site: seconds between two matches under each key. */
  private final Map<String, Map<LimitKey, Integer>> delays = new HashMap<>();

  LimitRules(Configuration configuration) {
    configuration
        .operations()
        .forEach(
            (vo, operations) -> {
              operations.jobScheduling().runningLimits().forEach(limit -> add(vo, limit));
              operations.jobScheduling().matchingDelays().forEach(delay -> add(vo, delay));
            });
  }

  /** Job groups that a rule names: only those make classes of their own. */
  public static Set<String> namedJobGroups(Configuration.JobScheduling scheduling) {
    String attribute = LimitedAttribute.JobGroup.name();
    return Stream.concat(
            scheduling.runningLimits().stream()
                .filter(limit -> limit.attribute().equals(attribute))
                .map(Configuration.RunningLimit::value),
            scheduling.matchingDelays().stream()
                .filter(delay -> delay.attribute().equals(attribute))
                .map(Configuration.MatchingDelay::value))
        .collect(Collectors.toSet());
  }

  private void add(String vo, Configuration.RunningLimit limit) {
    LimitedAttribute.named(limit.attribute())
        .ifPresent(
            attribute ->
                limits
                    .computeIfAbsent(limit.site(), site -> new TreeMap<>())
                    .merge(
                        new LimitKey(
                            vo, limit.site(), limit.ce().orElse(""), attribute, limit.value()),
                        limit.limit(),
                        Math::min));
  }

  private void add(String vo, Configuration.MatchingDelay delay) {
    LimitedAttribute.named(delay.attribute())
        .ifPresent(
            attribute ->
                delays
                    .computeIfAbsent(delay.site(), site -> new TreeMap<>())
                    .merge(
                        new LimitKey(vo, delay.site(), "", attribute, delay.value()),
                        delay.seconds(),
                        Math::max));
  }

  public boolean isEmpty() {
    return limits.isEmpty() && delays.isEmpty();
  }

  public boolean touch(String site) {
    return limits.containsKey(site) || delays.containsKey(site);
  }

  /** All limits of a site, its elements included. */
  public Map<LimitKey, Integer> limitsOf(String site) {
    return limits.getOrDefault(site, Map.of());
  }

  public Map<LimitKey, Integer> delaysOf(String site) {
    return delays.getOrDefault(site, Map.of());
  }

  /** Every key that has a running limit. */
  public List<LimitKey> allLimits() {
    return limits.values().stream().flatMap(map -> map.keySet().stream()).sorted().toList();
  }

  /** The limits under which a job of these requirements counts at a place. */
  public List<LimitKey> limitsOn(Requirements asks, String site, String ce) {
    return concerning(limitsOf(site), asks, site, ce);
  }

  public List<LimitKey> delaysOn(Requirements asks, String site, String ce) {
    return concerning(delaysOf(site), asks, site, ce);
  }

  private static List<LimitKey> concerning(
      Map<LimitKey, Integer> keys, Requirements asks, String site, String ce) {
    if (keys.isEmpty()) {
      return List.of();
    }
    List<LimitKey> concerning = new ArrayList<>();
    for (LimitKey key : keys.keySet()) {
      if (key.isAt(site, ce) && key.concerns(asks)) {
        concerning.add(key);
      }
    }
    return concerning;
  }
}
