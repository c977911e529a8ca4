package org.spinor.server.configuration.cfg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sites with their elements and queues, and the platforms, out of {@code /Resources}. */
final class ResourcesConversion {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String SITE = "Resources/Sites/*";
  private static final String ELEMENT = SITE + "/CEs/*";
  private static final String QUEUE = ELEMENT + "/Queues/*";

  /** CPU limits of DIRAC end there, in normalised seconds: 12.5 days. */
  private static final long LONGEST_CPU_TIME = 1_080_000;

  private static final Map<String, String> RENAMED =
      Map.of("MaxTotalJobs", "MaxTotalPilots", "MaxWaitingJobs", "IdlePilots");
  private static final Set<String> CONVERTED = Set.of("maxCPUTime", "SI00", "CPUTime");

  private final CfgSection resources;
  private final Set<String> vos;
  private final KnownNames known;
  private final Account account;
  private final Values values;
  private final Set<String> platforms = new TreeSet<>();
  private final Map<String, Integer> types = new TreeMap<>();

  ResourcesConversion(CfgSection top, Set<String> vos, KnownNames known, Account account) {
    this.resources = top.section("Resources");
    this.vos = vos;
    this.known = known;
    this.account = account;
    this.values = new Values(known, account);
  }

  ObjectNode convert() {
    ObjectNode sites = JSON.objectNode();
    for (CfgSection grid : resources.section("Sites").sections().values()) {
      for (CfgSection site : grid.sections().values()) {
        Optional<String> refusal = known.nameRefusal(SITE, site.name());
        if (refusal.isPresent()) {
          account.leave(site, "its name: expected " + refusal.get());
        } else {
          sites.set(site.name(), site(site));
        }
      }
    }
    ObjectNode result = JSON.objectNode();
    ObjectNode compatibility = compatibility();
    if (!compatibility.isEmpty()) {
      result.putObject("Computing").set("OSCompatibility", compatibility);
    }
    if (!sites.isEmpty()) {
      result.set("Sites", sites);
    }
    types.forEach(
        (type, count) ->
            account.note(
                "CEType %s (%d elements): its pilots need a plug-in of that name, and its options may be called otherwise there"
                    .formatted(type, count)));
    return result;
  }

  private ObjectNode compatibility() {
    ObjectNode result = JSON.objectNode();
    CfgSection section = resources.section("Computing/OSCompatibility");
    for (CfgOption platform : section.options().values()) {
      account.take(platform);
      result.set(platform.name(), Values.list(platform.list()));
      platforms.remove(platform.name());
      platforms.removeAll(platform.list());
    }
    for (String platform : platforms) {
      account.note(
          "platform %s of a queue is not in OSCompatibility and was added there"
              .formatted(platform));
      result.set(platform, Values.list(List.of()));
    }
    return result;
  }

  private ObjectNode site(CfgSection section) {
    ObjectNode result = JSON.objectNode();
    for (CfgOption option : section.options().values()) {
      switch (option.name()) {
        case "CE" -> takeIfSaidBelow(option, section.section("CEs"));
        case "Name" -> {
          if (section.option("Description").isEmpty()) {
            account.take(option);
            result.put("Description", option.value());
          } else {
            account.leave(option, "the site has a Description");
          }
        }
        default -> values.put(option, SITE + "/" + option.name(), result);
      }
    }
    ObjectNode elements = JSON.objectNode();
    for (CfgSection element : section.section("CEs").sections().values()) {
      element(element, section.option("VO"))
          .ifPresent(converted -> elements.set(element.name(), converted));
    }
    if (!elements.isEmpty()) {
      result.set("CEs", elements);
    }
    return result;
  }

  /** The list of elements says nothing that their sections do not say. */
  private void takeIfSaidBelow(CfgOption option, CfgSection elements) {
    if (elements.sections().keySet().containsAll(option.list())) {
      account.take(option);
    } else {
      account.leave(option, "it names elements that have no section in CEs");
    }
  }

  private Optional<ObjectNode> element(CfgSection section, Optional<CfgOption> voOfSite) {
    Optional<String> refusal = known.nameRefusal(ELEMENT, section.name());
    Optional<CfgOption> type = section.option("CEType");
    if (refusal.isPresent() || type.isEmpty()) {
      account.leave(
          section,
          refusal.map(expected -> "its name: expected " + expected).orElse("it has no CEType"));
      return Optional.empty();
    }
    ObjectNode queues = JSON.objectNode();
    for (CfgSection queue : section.section("Queues").sections().values()) {
      queue(queue, section).ifPresent(converted -> queues.set(queue.name(), converted));
    }
    if (queues.isEmpty()) {
      account.leave(section, "it has no queue that can be used");
      return Optional.empty();
    }
    ObjectNode result = JSON.objectNode();
    if (!options(section, ELEMENT, result)) {
      return Optional.empty();
    }
    if (!result.has("VO") && voOfSite.isPresent()) {
      List<String> members = values.members(voOfSite.get(), vos, "VOs");
      if (members.isEmpty()) {
        account.leave(section, "none of the VOs that may use the site is here");
        return Optional.empty();
      }
      account.take(voOfSite.get());
      result.set("VO", Values.list(members));
    }
    section.option("CPUTime").ifPresent(time -> values.put(time, ELEMENT + "/CPUTime", result));
    types.merge(type.get().value(), 1, Integer::sum);
    result.set("Queues", queues);
    return Optional.of(result);
  }

  private Optional<ObjectNode> queue(CfgSection section, CfgSection element) {
    Optional<String> refusal = known.nameRefusal(QUEUE, section.name());
    if (refusal.isPresent()) {
      account.leave(section, "its name: expected " + refusal.get());
      return Optional.empty();
    }
    ObjectNode result = JSON.objectNode();
    if (!cpuTime(section, element, result)) {
      account.leave(section, "neither CPUTime nor maxCPUTime says how long jobs may run");
      return Optional.empty();
    }
    return options(section, QUEUE, result) ? Optional.of(result) : Optional.empty();
  }

  /** CPUTime, else what DIRAC makes of maxCPUTime (minutes) and SI00 (250 of them are 1). */
  private boolean cpuTime(CfgSection queue, CfgSection element, ObjectNode into) {
    Optional<CfgOption> own = queue.option("CPUTime");
    if (own.isPresent()) {
      values.put(own.get(), QUEUE + "/CPUTime", into);
      return into.has("CPUTime");
    }
    Optional<CfgOption> minutes = queue.option("maxCPUTime").or(() -> element.option("maxCPUTime"));
    Optional<CfgOption> power = queue.option("SI00").or(() -> element.option("SI00"));
    if (minutes.isPresent()) {
      Optional<Long> limit = whole(minutes.get());
      long si00 = power.flatMap(ResourcesConversion::whole).orElse(250L);
      if (limit.isEmpty() || limit.get() <= 0) {
        account.leave(minutes.get(), "expected minutes");
        return element.option("CPUTime").isPresent();
      }
      account.take(minutes.get());
      power.ifPresent(account::take);
      into.put(
          "CPUTime", (long) Math.clamp(60.0 / 250.0 * limit.get() * si00, 1.0, LONGEST_CPU_TIME));
      account.note(
          "CPUTime of queues is 60/250 of maxCPUTime (minutes) times SI00 (250 where there is none), at most %d, as DIRAC reckons"
              .formatted(LONGEST_CPU_TIME));
      return true;
    }
    return element.option("CPUTime").isPresent();
  }

  private static Optional<Long> whole(CfgOption option) {
    return option.value().matches("\\d{1,12}")
        ? Optional.of(Long.parseLong(option.value()))
        : Optional.empty();
  }

  /** Everything else: known keys as they are called here, the rest for the plug-in. */
  private boolean options(CfgSection section, String path, ObjectNode into) {
    Map<String, CfgOption> later = new LinkedHashMap<>();
    for (CfgOption option : section.options().values()) {
      String name = RENAMED.getOrDefault(option.name(), option.name());
      if (CONVERTED.contains(option.name())) {
        continue;
      }
      switch (name) {
        case "VO" -> {
          List<String> members = values.members(option, vos, "VOs");
          if (members.isEmpty() && !option.list().isEmpty()) {
            account.leave(section, "none of the VOs that may use it is here");
            return false;
          }
          account.take(option);
          into.set("VO", Values.list(members));
        }
        case "Platform" -> {
          account.take(option);
          into.set("Platform", Values.list(option.list()));
          option.list().stream()
              .filter(platform -> !platform.equalsIgnoreCase("any"))
              .forEach(platforms::add);
        }
        default -> later.put(name, option);
      }
    }
    later.forEach((name, option) -> option(name, option, path, into));
    return true;
  }

  private void option(String name, CfgOption option, String path, ObjectNode into) {
    if (known.kind(path + "/" + name) != KnownNames.Kind.NONE) {
      values.put(option, path + "/" + name, into);
      return;
    }
    Optional<String> slip = known.slip(path, name);
    if (slip.isPresent()) {
      account.leave(option, "nearly the same as %s; write what is meant".formatted(slip.get()));
    } else if (!option.value().isEmpty()) {
      account.take(option);
      into.put(name, option.value());
    }
  }
}
