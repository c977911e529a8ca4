package org.spinor.it.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Differences that somebody looked at: {@code what | where | reason}. One that nobody wrote down is
 * found, and one that is no more. The place {@code *} stands for all of a route that is {@link
 * #PENDING being made}.
 */
final class Differences {
  /** A reason that begins so lets the difference go at any time. */
  private static final String PENDING = "pending:";

  private final Map<String, String> reasons = new LinkedHashMap<>();
  private final String file;

  private Differences(String file) {
    this.file = file;
  }

  static Differences read(String file) {
    Differences differences = new Differences(file);
    for (String line : ContractTable.lines(file)) {
      String[] cells = line.split("\\|", 3);
      if (cells.length != 3 || cells[2].isBlank()) {
        throw new IllegalStateException(file + ": no reason in '" + line + "'");
      }
      String key = cells[0].strip() + " | " + cells[1].strip();
      if (differences.reasons.put(key, cells[2].strip()) != null) {
        throw new IllegalStateException(file + ": twice " + key);
      }
    }
    return differences;
  }

  /**
   * What is wrong, one line each.
   *
   * @param found as {@code what | where}
   */
  Set<String> problems(Set<String> found) {
    Set<String> problems = new TreeSet<>();
    for (String each : found) {
      String anywhere = each.substring(0, each.indexOf(" | ")) + " | *";
      if (!reasons.containsKey(each) && !reasons.containsKey(anywhere)) {
        problems.add("not in " + file + ": " + each);
      }
    }
    reasons.forEach(
        (each, reason) -> {
          if (!found.contains(each) && !reason.startsWith(PENDING)) {
            problems.add("no more, take it out of " + file + ": " + each);
          }
        });
    return problems;
  }
}
