package org.spinor.server.configuration.cfg;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code name = value}.
 *
 * @param path from the top, {@code /Registry/Users/anna/Email}
 * @param value everything behind the sign; what {@code +=} added stands behind a comma
 * @param line where it stands, from 1
 */
record CfgOption(String name, String path, String value, int line) {
  /** The value as a list: parts between commas, empty ones left out. */
  List<String> list() {
    List<String> parts = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }
}
