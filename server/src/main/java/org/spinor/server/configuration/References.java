package org.spinor.server.configuration;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.spinor.server.web.DidYouMean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What one look at a single place does not show: names that must exist, values that must fit each
 * other.
 */
final class References {
  /** Properties of DIRAC; extensions may have others. */
  private static final List<String> PROPERTIES =
      List.of(
          "TrustedHost",
          "NormalUser",
          "CSAdministrator",
          "JobSharing",
          "ServiceAdministrator",
          "JobAdministrator",
          "JobMonitor",
          "AccountingMonitor",
          "GenericPilot",
          "SiteManager",
          "UserManager",
          "Operator",
          "FullDelegation",
          "LimitedDelegation",
          "PrivateLimitedDelegation",
          "ProxyManagement",
          "ProductionManagement",
          "ProductionSharing",
          "ProductionUser",
          "PPGAuthority",
          "BookkeepingManagement",
          "FileCatalogManagement",
          "StageAllowed");

  private final JsonNode document;
  private final List<String> problems;

  References(JsonNode document, List<String> problems) {
    this.document = document;
    this.problems = problems;
  }

  void check() {
    Set<String> vos = names(document.path("Registry"));
    if (vos.isEmpty() && document.path("Registry").isObject()) {
      problems.add("Registry: at least one VO is needed");
    }
    document.path("Registry").properties().forEach(vo -> registry(vo.getKey(), vo.getValue(), vos));
    document.path("Operations").properties().forEach(vo -> operations(vo.getKey(), vo.getValue()));
    sites(vos);
  }

  private void registry(String vo, JsonNode section, Set<String> vos) {
    String path = "Registry." + vo;
    Set<String> groups = names(section.path("Groups"));
    Set<String> users = names(section.path("Users"));
    provider(vo, section, groups);
    known(path + ".DefaultGroup", section.path("DefaultGroup"), groups, "group of " + vo);
    for (Map.Entry<String, JsonNode> group : section.path("Groups").properties()) {
      String inside = path + ".Groups." + group.getKey();
      for (JsonNode user : group.getValue().path("Users")) {
        known(inside + ".Users", user, users, "user of " + vo);
      }
      for (JsonNode property : group.getValue().path("Properties")) {
        String name = property.asString();
        if (!PROPERTIES.contains(name)) {
          DidYouMean.closest(name, PROPERTIES)
              .ifPresent(
                  meant ->
                      problems.add(
                          "%s.Properties: unknown property '%s'; did you mean %s?"
                              .formatted(inside, name, meant)));
        }
      }
    }
    Map<String, String> owners = new HashMap<>();
    for (Map.Entry<String, JsonNode> user : section.path("Users").properties()) {
      String inside = path + ".Users." + user.getKey();
      String name = user.getValue().path("PreferedUsername").asString("");
      String first = owners.putIfAbsent(name, user.getKey());
      if (first != null && !name.isEmpty()) {
        problems.add(
            "%s.PreferedUsername: '%s' is the name of user %s already"
                .formatted(inside, name, first));
      }
      for (JsonNode suspended : user.getValue().path("Suspended")) {
        known(inside + ".Suspended", suspended, vos, "VO");
      }
    }
  }

  private void provider(String vo, JsonNode section, Set<String> groups) {
    String path = "Registry." + vo;
    for (String group : names(section.path("IdP").path("Groups"))) {
      known(
          path + ".IdP.Groups",
          JsonNodeFactory.instance.stringNode(group),
          groups,
          "group of " + vo);
    }
    if (section.path("IdP").isObject()
        && section
            .path("IdP")
            .path("Scopes")
            .valueStream()
            .noneMatch(scope -> scope.asString().equals("openid"))) {
      problems.add(path + ".IdP.Scopes: openid must be among them");
    }
  }

  private void operations(String vo, JsonNode section) {
    String path = "Operations." + vo;
    JsonNode jobs = section.path("JobDescription");
    ordered(path + ".JobDescription", jobs, "MinCPUTime", "DefaultCPUTime", "MaxCPUTime");
    ordered(path + ".JobDescription", jobs, "MinPriority", "DefaultPriority", "MaxPriority");
    if (jobs.path("AllowedJobTypes").isArray() && jobs.path("AllowedJobTypes").isEmpty()) {
      problems.add(path + ".JobDescription.AllowedJobTypes: without any, no job can be submitted");
    }
    JsonNode scheduling = section.path("JobScheduling");
    long before = 0;
    for (JsonNode segment : scheduling.path("taskQueueCPUTimeIntervals")) {
      if (segment.asLong() <= before) {
        problems.add(
            "%s.JobScheduling.taskQueueCPUTimeIntervals: expected increasing numbers, got %d after %d"
                .formatted(path, segment.asLong(), before));
      }
      before = segment.asLong();
    }
    new Limits(document.path("Resources").path("Sites"), problems)
        .check(path + ".JobScheduling", scheduling);
  }

  private void ordered(String path, JsonNode section, String low, String middle, String high) {
    JsonNode least = section.path(low);
    JsonNode usual = section.path(middle);
    JsonNode most = section.path(high);
    if (!least.isNumber() || !usual.isNumber() || !most.isNumber()) {
      return;
    }
    if (usual.asLong() < least.asLong() || usual.asLong() > most.asLong()) {
      problems.add(
          "%s.%s: expected a number from %s (%d) to %s (%d), got %d"
              .formatted(path, middle, low, least.asLong(), high, most.asLong(), usual.asLong()));
    }
  }

  private void sites(Set<String> vos) {
    Set<String> platforms = new TreeSet<>();
    for (Map.Entry<String, JsonNode> platform :
        document.path("Resources").path("Computing").path("OSCompatibility").properties()) {
      platforms.add(platform.getKey());
      platform.getValue().forEach(other -> platforms.add(other.asString()));
    }
    for (Map.Entry<String, JsonNode> site : document.path("Resources").path("Sites").properties()) {
      for (Map.Entry<String, JsonNode> ce : site.getValue().path("CEs").properties()) {
        String path = "Resources.Sites." + site.getKey() + ".CEs." + ce.getKey();
        queue(path, ce.getValue(), vos, platforms);
        if (ce.getValue().path("Queues").isEmpty()) {
          problems.add(path + ".Queues: at least one queue is needed");
        }
        for (Map.Entry<String, JsonNode> queue : ce.getValue().path("Queues").properties()) {
          String inside = path + ".Queues." + queue.getKey();
          queue(inside, queue.getValue(), vos, platforms);
          if (queue.getValue().path("CPUTime").isNull()
              && ce.getValue().path("CPUTime").isNull()
              && !isTold(inside + ".CPUTime")
              && !isTold(path + ".CPUTime")) {
            problems.add(
                inside + ".CPUTime: missing; expected normalised seconds, here or for the element");
          }
        }
      }
    }
  }

  private boolean isTold(String path) {
    return problems.stream().anyMatch(problem -> problem.startsWith(path + ":"));
  }

  private void queue(String path, JsonNode section, Set<String> vos, Set<String> platforms) {
    for (JsonNode vo : section.path("VO")) {
      known(path + ".VO", vo, vos, "VO of Registry");
    }
    for (JsonNode platform : section.path("Platform")) {
      if (!platform.asString().equalsIgnoreCase("any")) {
        known(
            path + ".Platform",
            platform,
            platforms,
            "platform of Resources.Computing.OSCompatibility");
      }
    }
  }

  private void known(String path, JsonNode name, Collection<String> all, String what) {
    if (name.isString() && !all.contains(name.asString())) {
      problems.add(
          "%s: no %s is called '%s'%s"
              .formatted(path, what, name.asString(), DidYouMean.hint(name.asString(), all)));
    }
  }

  static Set<String> names(JsonNode section) {
    Set<String> names = new HashSet<>();
    section.properties().forEach(entry -> names.add(entry.getKey()));
    return names;
  }
}
