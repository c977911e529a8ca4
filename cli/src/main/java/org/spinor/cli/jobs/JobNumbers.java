package org.spinor.cli.jobs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spinor.api.JobId;
import org.spinor.cli.session.Failure;

/** Reads numbers of jobs as people type them: {@code 5 7,9 20-40}. */
final class JobNumbers {
  /** The most jobs that one command names by number; a query may find more. */
  static final int MAX = 1_000_000;

  private JobNumbers() {}

  /**
   * @throws Failure a word is no number and no range
   */
  static List<JobId> parse(List<String> words) {
    Set<JobId> ids = new LinkedHashSet<>();
    for (String word : words) {
      for (String part : word.split(",", -1)) {
        if (!part.isBlank()) {
          add(part.strip(), ids);
        }
      }
    }
    return new ArrayList<>(ids);
  }

  private static void add(String part, Set<JobId> ids) {
    int dash = part.indexOf('-', 1);
    long first = number(dash < 0 ? part : part.substring(0, dash), part);
    long last = dash < 0 ? first : number(part.substring(dash + 1), part);
    if (last < first) {
      throw Failure.usage("'" + part + "' is no range: it ends before it begins");
    }
    if (last - first >= MAX || ids.size() + last - first >= MAX) {
      throw Failure.usage(
          "more than " + MAX + " jobs by number", "use a query, as --where 'JobID gt 100'");
    }
    for (long id = first; id <= last; id++) {
      ids.add(new JobId(id));
    }
  }

  private static long number(String text, String part) {
    try {
      long number = Long.parseLong(text.strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Failure.usage("'" + part + "' is no job: give numbers and ranges, as 5 7,9 20-40");
  }

  /** Numbers of jobs in few letters: {@code 5-20,23}. */
  static String shown(List<JobId> ids) {
    List<JobId> sorted = ids.stream().sorted().distinct().toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sorted.size(); ) {
      int end = i;
      while (end + 1 < sorted.size()
          && sorted.get(end + 1).value() == sorted.get(end).value() + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ",").append(sorted.get(i));
      if (end > i) {
        text.append(end > i + 1 ? "-" : ",").append(sorted.get(end));
      }
      i = end + 1;
    }
    return text.toString();
  }
}
