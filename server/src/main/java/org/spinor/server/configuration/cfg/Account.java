package org.spinor.server.configuration.cfg;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.api.ConfigurationImport.LeftOut;

/** Keeps count of what was taken and what was left, so that at the end nothing is missing. */
final class Account {
  /** Why whole sections of DIRAC have no place here, by their paths; the longest one counts. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("/Systems", "services, agents and databases of DIRAC, which do not run here"),
          Map.entry("/DIRAC", "DIRAC's own addresses, certificates and set-ups"),
          Map.entry("/DiracX", "settings of DiracX's services"),
          Map.entry("/LocalSite", "settings of one DIRAC host"),
          Map.entry("/LocalInstallation", "settings of DIRAC's installer"),
          Map.entry("/LogLevel", "settings of DIRAC's services"),
          Map.entry("/WebApp", "settings of DIRAC's portal"),
          Map.entry("/Website", "settings of DIRAC's portal"),
          Map.entry("/Registry/Hosts", "hosts with certificates; servers here have none"),
          Map.entry("/Registry/VO", "addresses and people of VOMS, which is not asked here"),
          Map.entry(
              "/Resources/StorageElements",
              "storage elements: there is no data management here yet"),
          Map.entry(
              "/Resources/StorageElementBases",
              "storage elements: there is no data management here yet"),
          Map.entry(
              "/Resources/StorageElementGroups",
              "storage elements: there is no data management here yet"),
          Map.entry("/Resources/FileCatalogs", "catalogues: there is no data management here yet"),
          Map.entry("/Resources/FTSEndpoints", "transfers: there is no data management here yet"),
          Map.entry("/Resources/MQServices", "message queues, which are not used here"),
          Map.entry("/Resources/LogBackends", "settings of DIRAC's services"),
          Map.entry(
              "/Resources/IdProviders",
              "an identity provider that no VO names, or a part of it that is not needed"),
          Map.entry("/Resources/ProxyProviders", "certificates of users, which are not used here"),
          Map.entry(
              "/Resources/Computing",
              "defaults of DIRAC's computing elements; write them into the elements"),
          Map.entry("/Resources/Sites", "the schema has no such key"),
          Map.entry("/Resources", "a kind of resource that is not known here"));

  private static final String NO_PLACE = "the schema has no such key";

  private final Set<CfgOption> taken = new HashSet<>();
  private final Map<CfgOption, String> left = new HashMap<>();
  private final Map<String, String> leftSections = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  void take(CfgOption option) {
    taken.add(option);
  }

  void leave(CfgOption option, String reason) {
    left.put(option, reason);
    taken.remove(option);
  }

  /** All of it, even if parts were taken before. */
  void leave(CfgSection section, String reason) {
    leftSections.put(section.path(), reason);
    giveBack(section);
  }

  private void giveBack(CfgSection section) {
    section.options().values().forEach(taken::remove);
    section.options().values().forEach(left::remove);
    section.sections().values().forEach(this::giveBack);
  }

  /** Something to look at; each said once. */
  void note(String text) {
    if (!notes.contains(text)) {
      notes.add(text);
    }
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * All that is in the text and was not taken; a section of which nothing was taken is one line.
   */
  List<LeftOut> leftOut(CfgSection top) {
    List<LeftOut> all = new ArrayList<>();
    walk(top, NO_PLACE, all);
    return all;
  }

  private void walk(CfgSection section, String above, List<LeftOut> all) {
    String known = leftSections.getOrDefault(section.path(), REASONS.get(section.path()));
    String reason = known == null ? above : known;
    if (known != null && !isTouched(section)) {
      all.add(new LeftOut(section.path(), section.size(), reason));
      return;
    }
    for (CfgOption option : section.options().values()) {
      if (!taken.contains(option)) {
        all.add(
            new LeftOut(
                option.path(),
                1,
                left.getOrDefault(option, REASONS.getOrDefault(option.path(), reason))));
      }
    }
    for (CfgSection below : section.sections().values()) {
      if (below.isEmpty() && !isTouched(below)) {
        continue;
      }
      if (!isTouched(below)
          && !leftSections.containsKey(below.path())
          && !REASONS.containsKey(below.path())) {
        all.add(new LeftOut(below.path(), below.size(), reason));
      } else {
        walk(below, reason, all);
      }
    }
  }

  /** Whether something in it was taken, or left for a reason of its own. */
  private boolean isTouched(CfgSection section) {
    for (CfgOption option : section.options().values()) {
      if (taken.contains(option) || left.containsKey(option)) {
        return true;
      }
    }
    for (CfgSection below : section.sections().values()) {
      if (leftSections.containsKey(below.path()) || isTouched(below)) {
        return true;
      }
    }
    return false;
  }
}
