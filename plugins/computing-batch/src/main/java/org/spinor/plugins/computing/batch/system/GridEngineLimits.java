package org.spinor.plugins.computing.batch.system;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which limit ended a job of Grid Engine: its own word is the same for memory, CPU time and wall
 * time, but its record has what was asked for and what was used.
 */
final class GridEngineLimits {
  /** Letters as Grid Engine has them: capitals are powers of 1024. */
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)([kKmMgGtT]?)B?");

  private static final double BINARY = 1024;
  private static final double DECIMAL = 1000;

  private GridEngineLimits() {}

  /**
   * @param record of qacct, by name
   * @return in words; empty: none that the record shows
   */
  static Optional<String> exceeded(Map<String, String> record) {
    String asked = record.getOrDefault("category", "");
    String used = record.getOrDefault("maxvmem", "");
    OptionalDouble memory = bytes(requested(asked, "h_vmem"));
    // The request is for each slot.
    int slots = Math.max(1, Answers.number(record.getOrDefault("slots", "")).orElse(1));
    if (memory.isPresent() && bytes(used).orElse(0) >= memory.getAsDouble() * slots) {
      return Optional.of(
          "beyond its memory, maxvmem " + used + " of h_vmem " + requested(asked, "h_vmem"));
    }
    OptionalInt wall = Answers.number(requested(asked, "h_rt"));
    OptionalInt ran = Answers.number(record.getOrDefault("ru_wallclock", "").replace("s", ""));
    return wall.isPresent() && ran.orElse(0) >= wall.getAsInt()
        ? Optional.of("beyond its wall time, h_rt " + wall.getAsInt())
        : Optional.empty();
  }

  /** A value of {@code -l h_vmem=200M,h_rt=600}; empty: it was not asked for. */
  private static String requested(String category, String name) {
    Matcher value = Pattern.compile("[ ,]" + name + "=([^, ]+)").matcher(" " + category);
    return value.find() ? value.group(1) : "";
  }

  private static OptionalDouble bytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return OptionalDouble.empty();
    }
    String unit = size.group(2);
    double base = unit.equals(unit.toUpperCase(Locale.ROOT)) ? BINARY : DECIMAL;
    int power = unit.isEmpty() ? 0 : "KMGT".indexOf(unit.toUpperCase(Locale.ROOT)) + 1;
    return OptionalDouble.of(Double.parseDouble(size.group(1)) * Math.pow(base, power));
  }
}
