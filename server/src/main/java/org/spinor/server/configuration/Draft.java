package org.spinor.server.configuration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spinor.server.web.DidYouMean;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A text that may become the configuration.
 *
 * @param document every default written out; of no use where there are problems
 * @param problems all that is wrong with it, with paths; empty: it is valid
 */
record Draft(ObjectNode document, List<String> problems) {
  private static final String DEFAULTS = "Defaults";

  static Draft of(String text) {
    List<String> problems = new ArrayList<>();
    YamlTree.Section written = YamlReader.read(text, problems);
    if (!problems.isEmpty()) {
      return new Draft(JsonNodeFactory.instance.objectNode(), problems);
    }
    // Each section alone first: what is wrong in the defaults is told once, and where it stands.
    new Expansion(problems).expand(Schema.ROOT, written, "");
    boolean wellFormed = problems.isEmpty();
    YamlTree.Section merged = mergeDefaults(written, problems);
    ObjectNode document =
        (ObjectNode) new Expansion(new ArrayList<>()).expand(Schema.ROOT, merged, "");
    if (wellFormed || document.path("Registry").isObject()) {
      new References(document, problems).check();
    }
    return new Draft(document, List.copyOf(problems));
  }

  /** Gives each VO of the registry its operations: its own over the defaults. */
  private static YamlTree.Section mergeDefaults(YamlTree.Section written, List<String> problems) {
    YamlTree.Section operations = section(written.entries().get("Operations"));
    YamlTree.Section defaults = section(operations.entries().get(DEFAULTS));
    Set<String> vos = section(written.entries().get("Registry")).entries().keySet();
    if (vos.contains(DEFAULTS)) {
      problems.add("Registry.Defaults: a VO cannot be called so");
    }
    operations
        .entries()
        .forEach(
            (vo, value) -> {
              if (!vo.equals(DEFAULTS) && !vos.contains(vo)) {
                problems.add(
                    "Operations.%s: no VO of Registry is called so%s (line %d)"
                        .formatted(vo, DidYouMean.hint(vo, vos), value.line()));
              }
            });
    SequencedMap<String, YamlTree> all = new LinkedHashMap<>();
    for (String vo : vos) {
      all.put(vo, section(operations.entries().get(vo)).over(defaults));
    }
    SequencedMap<String, YamlTree> merged = new LinkedHashMap<>(written.entries());
    merged.put("Operations", new YamlTree.Section(all, operations.line()));
    return new YamlTree.Section(merged, written.line());
  }

  private static YamlTree.Section section(@Nullable YamlTree tree) {
    return tree instanceof YamlTree.Section section
        ? section
        : new YamlTree.Section(new LinkedHashMap<>(), 1);
  }

  /** The configuration that it is; only where it is valid. */
  Configuration toConfiguration(String revision, Instant changed) {
    return new ConfigurationReader(document).read(revision, changed);
  }
}
