package org.spinor.server.provisioning.trials;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.server.pilots.TrialPilots;

/** What the log of a test pilot says of its bootstrap and its node. */
final class TrialLog {
  private static final Pattern BOOTSTRAP = Pattern.compile("(?m)^\\S+ \\w+ +\\[bootstrap] (.*)$");
  private static final Pattern FACT = Pattern.compile("(?m)\\bnode: (\\w+) = (.*)$");
  private static final Pattern CONTAINED =
      Pattern.compile("(?m)\\bpayloads are contained by: (.*)$");

  private TrialLog() {}

  /** Whether the bundle was fetched or there already, and by which version of the pilot. */
  static String bootstrap(String log) {
    List<String> said = new ArrayList<>();
    Matcher lines = BOOTSTRAP.matcher(log);
    while (lines.find()) {
      String line = lines.group(1);
      if (line.startsWith("fetching ") || line.contains(" is in ") || line.startsWith("another ")) {
        said.add(line);
      }
    }
    return said.isEmpty() ? "its bundle was on the node" : String.join("; ", said);
  }

  /** The node in one line. */
  static String node(TrialPilots.Look look) {
    Map<String, String> facts = new HashMap<>();
    Matcher lines = FACT.matcher(look.log());
    while (lines.find()) {
      facts.put(lines.group(1), lines.group(2).strip());
    }
    facts.putAll(look.node());
    List<String> words = new ArrayList<>();
    words.add(facts.getOrDefault("host", "its node"));
    add(words, facts, "os", "%s");
    add(words, facts, "cores", "%s cores");
    add(words, facts, "memory_mb", "%s MB of memory");
    add(words, facts, "disk_mb", "%s MB of disk");
    add(words, facts, "gpus", "GPUs %s");
    add(words, facts, "cpu_power", "power %s");
    add(words, facts, "batch_system", "in %s");
    Matcher contained = CONTAINED.matcher(look.log());
    if (contained.find()) {
      words.add("jobs contained by " + contained.group(1).strip());
    }
    return String.join(", ", words);
  }

  private static void add(
      List<String> words, Map<String, String> facts, String name, String format) {
    String value = facts.getOrDefault(name, "");
    if (!value.isBlank()) {
      words.add(format.formatted(value));
    }
  }
}
