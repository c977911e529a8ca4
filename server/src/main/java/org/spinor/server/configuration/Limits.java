package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.server.configuration.Configuration.MatchingDelay;
import org.spinor.server.configuration.Configuration.RunningLimit;
import org.spinor.server.web.DidYouMean;
import tools.jackson.databind.JsonNode;

/** The nested sections RunningLimit and MatchingDelay of JobScheduling. */
final class Limits {
  private final JsonNode sites;
  private final List<String> problems;

  Limits(JsonNode sites, List<String> problems) {
    this.sites = sites;
    this.problems = problems;
  }

  void check(String path, JsonNode scheduling) {
    runningLimits(path, scheduling);
    matchingDelays(path, scheduling);
  }

  List<RunningLimit> runningLimits(String path, JsonNode scheduling) {
    List<RunningLimit> limits = new ArrayList<>();
    String inside = path + ".RunningLimit";
    for (Map.Entry<String, JsonNode> site :
        sections(inside, scheduling.path("RunningLimit")).entrySet()) {
      String ofSite = inside + "." + site.getKey();
      if (!site(ofSite, site.getKey())) {
        continue;
      }
      for (Map.Entry<String, JsonNode> entry : sections(ofSite, site.getValue()).entrySet()) {
        if (!entry.getKey().equals("CEs")) {
          values(ofSite, entry)
              .forEach(
                  (value, limit) ->
                      limits.add(
                          new RunningLimit(
                              site.getKey(), Optional.empty(), entry.getKey(), value, limit)));
          continue;
        }
        for (Map.Entry<String, JsonNode> ce :
            sections(ofSite + ".CEs", entry.getValue()).entrySet()) {
          String ofCe = ofSite + ".CEs." + ce.getKey();
          Set<String> ces = References.names(sites.path(site.getKey()).path("CEs"));
          if (!ces.contains(ce.getKey())) {
            problems.add(
                "%s: no computing element of %s is called so%s"
                    .formatted(ofCe, site.getKey(), DidYouMean.hint(ce.getKey(), ces)));
          }
          for (Map.Entry<String, JsonNode> attribute : sections(ofCe, ce.getValue()).entrySet()) {
            values(ofCe, attribute)
                .forEach(
                    (value, limit) ->
                        limits.add(
                            new RunningLimit(
                                site.getKey(),
                                Optional.of(ce.getKey()),
                                attribute.getKey(),
                                value,
                                limit)));
          }
        }
      }
    }
    return scheduling.path("CheckJobLimits").asBoolean(true) ? limits : List.of();
  }

  List<MatchingDelay> matchingDelays(String path, JsonNode scheduling) {
    List<MatchingDelay> delays = new ArrayList<>();
    String inside = path + ".MatchingDelay";
    for (Map.Entry<String, JsonNode> site :
        sections(inside, scheduling.path("MatchingDelay")).entrySet()) {
      String ofSite = inside + "." + site.getKey();
      if (site(ofSite, site.getKey())) {
        for (Map.Entry<String, JsonNode> attribute : sections(ofSite, site.getValue()).entrySet()) {
          values(ofSite, attribute)
              .forEach(
                  (value, seconds) ->
                      delays.add(
                          new MatchingDelay(site.getKey(), attribute.getKey(), value, seconds)));
        }
      }
    }
    return scheduling.path("CheckMatchingDelay").asBoolean(true) ? delays : List.of();
  }

  private boolean site(String path, String name) {
    Set<String> known = References.names(sites);
    if (known.contains(name)) {
      return true;
    }
    problems.add(
        "%s: no site of Resources.Sites is called so%s"
            .formatted(path, DidYouMean.hint(name, known)));
    return false;
  }

  private Map<String, JsonNode> sections(String path, JsonNode node) {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    if (node.isObject()) {
      node.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    } else if (!node.isNull() && !node.isMissingNode()) {
      problems.add("%s: expected a section, got %s".formatted(path, node));
    }
    return entries;
  }

  /** The numbers of one attribute by value. */
  private Map<String, Integer> values(String path, Map.Entry<String, JsonNode> attribute) {
    String inside = path + "." + attribute.getKey();
    Map<String, Integer> numbers = new LinkedHashMap<>();
    if (!Schema.LIMITED.contains(attribute.getKey())) {
      problems.add(
          "%s: expected one of %s%s"
              .formatted(
                  inside,
                  String.join(", ", Schema.LIMITED),
                  DidYouMean.hint(attribute.getKey(), Schema.LIMITED)));
      return numbers;
    }
    sections(inside, attribute.getValue())
        .forEach(
            (value, number) -> {
              if (number.isIntegralNumber() && number.asLong() >= 0 && number.canConvertToInt()) {
                numbers.put(value, number.asInt());
              } else {
                problems.add(
                    "%s.%s: expected a whole number, at least 0, got %s"
                        .formatted(inside, value, number));
              }
            });
    return numbers;
  }
}
