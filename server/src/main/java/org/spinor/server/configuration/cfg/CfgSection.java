package org.spinor.server.configuration.cfg;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * {@code Name { ... }}, read.
 *
 * @param path from the top, {@code /Registry/Users}; of the top itself it is empty
 */
record CfgSection(
    String name,
    String path,
    int line,
    SequencedMap<String, CfgOption> options,
    SequencedMap<String, CfgSection> sections) {

  /** The section below, by names with slashes between; an empty one where there is none. */
  CfgSection section(String names) {
    CfgSection found = this;
    for (String name : names.split("/")) {
      CfgSection below = found.sections.get(name);
      found = below == null ? none(found.path + "/" + name) : below;
    }
    return found;
  }

  Optional<CfgOption> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  boolean isEmpty() {
    return options.isEmpty() && sections.isEmpty();
  }

  static CfgSection none(String path) {
    return new CfgSection("", path, 0, new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /** How many options stand in it and below. */
  int size() {
    int size = options.size();
    for (Map.Entry<String, CfgSection> section : sections.entrySet()) {
      size += section.getValue().size();
    }
    return size;
  }
}
