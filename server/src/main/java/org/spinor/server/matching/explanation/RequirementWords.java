package org.spinor.server.matching.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spinor.server.jobs.Requirements;

/** What a job asks for, line by line. */
final class RequirementWords {
  private RequirementWords() {}

  static List<String> of(Requirements asks) {
    List<String> lines = new ArrayList<>();
    lines.add("CPU time: " + asks.cpuTime() + " normalised seconds");
    lines.add("cores: " + cores(asks));
    if (asks.memoryMb() > 0) {
      lines.add("memory: " + asks.memoryMb() + " MB");
    }
    if (asks.gpus() > 0) {
      lines.add("GPUs: " + asks.gpus());
    }
    list(lines, "sites", asks.sites());
    list(lines, "not at", asks.bannedSites());
    list(lines, "computing elements", asks.ces());
    list(lines, "platforms", asks.platforms());
    list(lines, "tags", asks.tags());
    if (asks.volunteers()) {
      lines.add("marked for volunteers: yes");
    }
    lines.add("type: " + asks.jobType());
    lines.add(
        String.format(
            Locale.ROOT, "owner: %s, group %s, VO %s", asks.owner(), asks.ownerGroup(), asks.vo()));
    return lines;
  }

  private static void list(List<String> lines, String name, java.util.Collection<String> values) {
    if (!values.isEmpty()) {
      lines.add(name + ": " + String.join(", ", values));
    }
  }

  private static String cores(Requirements asks) {
    if (asks.wholeNode()) {
      return "a whole node, at least " + asks.minCores();
    }
    if (asks.maxCores() == Requirements.ALL_CORES) {
      return asks.minCores() + " or more";
    }
    return asks.minCores() == asks.maxCores()
        ? Integer.toString(asks.minCores())
        : asks.minCores() + " to " + asks.maxCores();
  }
}
