package org.spinor.plugins.computing.local;

import java.util.Optional;

/**
 * One process for ever: numbers are given again, but not with the same start.
 *
 * @param start as the runner wrote it: {@code proc <ticks since boot> <boot id>} or {@code ps
 *     <time>}
 */
record ProcessIdentity(long pid, String start) {
  static Optional<ProcessIdentity> parse(String line) {
    String[] parts = line.strip().split(" ", 2);
    return parts.length == 2 && parts[0].matches("\\d{1,10}")
        ? Optional.of(new ProcessIdentity(Long.parseLong(parts[0]), parts[1].strip()))
        : Optional.empty();
  }
}
