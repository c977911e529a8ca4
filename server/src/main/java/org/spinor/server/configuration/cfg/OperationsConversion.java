package org.spinor.server.configuration.cfg;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /Operations}: {@code Defaults}, one section for each VO, and below or beside these one for
 * each set-up of older installations, of which the one in use counts.
 */
final class OperationsConversion {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String DEFAULTS = "Defaults";
  private static final String PATH = "Operations/*";

  private final CfgSection top;
  private final Set<String> vos;
  private final Set<String> sites;
  private final Account account;
  private final Values values;
  private final Set<String> setups = new LinkedHashSet<>();
  private final Optional<CfgOption> setup;

  OperationsConversion(
      CfgSection top, Set<String> vos, Set<String> sites, KnownNames known, Account account) {
    this.top = top;
    this.vos = vos;
    this.sites = sites;
    this.account = account;
    this.values = new Values(known, account);
    this.setup = top.section("DIRAC").option("Setup");
    setup.ifPresent(option -> setups.add(option.value()));
    setups.addAll(top.section("DIRAC/Setups").sections().keySet());
  }

  ObjectNode convert() {
    ObjectNode result = JSON.objectNode();
    CfgSection operations = top.section("Operations");
    List<CfgSection> ordered = new ArrayList<>(operations.sections().values());
    for (CfgSection section : ordered) {
      String name = section.name();
      if (name.equals(DEFAULTS) || vos.contains(name)) {
        merge(result, name, section);
      } else if (isInUse(name)) {
        // an installation of one VO: what holds for the set-up holds for it
        merge(result, vos.size() == 1 ? vos.iterator().next() : DEFAULTS, section);
        account.note(
            "%s: the set-up in use; its settings are those of %s"
                .formatted(section.path(), vos.size() == 1 ? vos.iterator().next() : "all VOs"));
      } else {
        account.leave(
            section,
            setups.contains(name)
                ? "a set-up that is not in use (/DIRAC/Setup)"
                : "no VO is called so");
      }
    }
    return result;
  }

  private boolean isInUse(String name) {
    boolean inUse = setup.isPresent() && setup.get().value().equals(name);
    if (inUse) {
      account.take(setup.get());
    }
    return inUse;
  }

  /** What stands for the set-up in use wins over what stands for all of them. */
  private void merge(ObjectNode result, String name, CfgSection section) {
    ObjectNode into =
        result.path(name) instanceof ObjectNode there ? there : result.putObject(name);
    SequencedMap<String, CfgSection> own = new LinkedHashMap<>();
    Optional<CfgSection> ofSetup = Optional.empty();
    for (Map.Entry<String, CfgSection> below : section.sections().entrySet()) {
      if (isInUse(below.getKey())) {
        ofSetup = Optional.of(below.getValue());
      } else if (setups.contains(below.getKey())) {
        account.leave(below.getValue(), "a set-up that is not in use (/DIRAC/Setup)");
      } else {
        own.put(below.getKey(), below.getValue());
      }
    }
    add(
        into,
        new CfgSection(section.name(), section.path(), section.line(), section.options(), own));
    ofSetup.ifPresent(setting -> add(into, setting));
    if (into.isEmpty()) {
      result.remove(name);
    }
  }

  private void add(ObjectNode into, CfgSection section) {
    ObjectNode converted = values.section(section, PATH);
    requireSites(section, converted, "RunningLimit");
    requireSites(section, converted, "MatchingDelay");
    over(into, converted);
  }

  /** Limits of sites that are not here would make the whole configuration invalid. */
  private void requireSites(CfgSection section, ObjectNode converted, String name) {
    if (converted.path("JobScheduling").path(name) instanceof ObjectNode limits) {
      for (String site : List.copyOf(limits.propertyNames())) {
        if (!sites.contains(site)) {
          limits.remove(site);
          account.leave(
              section.section("JobScheduling").section(name).section(site),
              "no site of Resources.Sites is called so");
        }
      }
    }
  }

  private static void over(ObjectNode below, ObjectNode above) {
    for (Map.Entry<String, JsonNode> entry : above.properties()) {
      if (entry.getValue() instanceof ObjectNode upper
          && below.path(entry.getKey()) instanceof ObjectNode lower) {
        over(lower, upper);
      } else {
        below.set(entry.getKey(), entry.getValue());
      }
    }
  }
}
