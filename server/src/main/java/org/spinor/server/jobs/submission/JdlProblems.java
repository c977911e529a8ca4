package org.spinor.server.jobs.submission;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.spinor.jdl.JdlTypeException;

/**
 * Collects what is wrong with the descriptions of one submission, one line each; the same line of
 * many parametric jobs once.
 */
final class JdlProblems {
  private static final int MAX = 200;

  private final String prefix;
  private final Set<String> lines = new LinkedHashSet<>();
  private boolean more;

  /**
   * @param prefix of each line, as {@code JDL 2}
   */
  JdlProblems(String prefix) {
    this.prefix = prefix;
  }

  void add(String text) {
    if (lines.size() < MAX) {
      lines.add(prefix + ": " + text);
    } else {
      more = true;
    }
  }

  /**
   * @param attribute where it is
   * @param text what is there, and what is allowed
   */
  void add(String attribute, String text) {
    add(attribute + ": " + text);
  }

  /** Reads a value; one of a wrong type becomes a problem and the fallback is given. */
  <T> T read(Supplier<T> value, T fallback) {
    try {
      return value.get();
    } catch (JdlTypeException e) {
      add(e.attribute(), "expected %s, found %s".formatted(e.expected(), e.found()));
      return fallback;
    }
  }

  /** As {@link #read}, for what may be absent. */
  <T> Optional<T> readOptional(Supplier<Optional<T>> value) {
    return read(value, Optional.empty());
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  List<String> lines() {
    List<String> all = new ArrayList<>(lines);
    if (more) {
      all.add(prefix + ": and more");
    }
    return all;
  }
}
