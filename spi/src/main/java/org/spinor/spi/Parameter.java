package org.spinor.spi;

import java.util.List;
import java.util.Optional;

/**
 * One thing that an operator can set for a plug-in. The descriptions are the operator's
 * documentation, and what a configuration is checked against.
 *
 * @param name as written in the configuration, as {@code GraceSeconds}; letter case counts
 * @param meaning one sentence, with the unit and the limits
 * @param unit as {@code s, MB, cores}; empty where there is none
 * @param fallback what holds where nothing is given; empty: nothing, or see {@code required}
 * @param required whether it must be given
 * @param choices the values allowed; empty: any of the kind
 */
public record Parameter(
    String name,
    Kind kind,
    String meaning,
    String unit,
    Optional<String> fallback,
    boolean required,
    List<String> choices) {

  /** What a value looks like. */
  public enum Kind {
    TEXT,
    /** A whole number, 0 or more. */
    NUMBER,
    /** {@code true}, {@code false}, {@code yes} or {@code no}. */
    FLAG,
    /** An absolute path. */
    PATH
  }

  public Parameter {
    if (name.isBlank() || meaning.isBlank()) {
      throw new IllegalArgumentException("a parameter has a name and a meaning");
    }
    if (required && fallback.isPresent()) {
      throw new IllegalArgumentException(name + " is required and has a default");
    }
    choices = List.copyOf(choices);
  }

  public static Parameter text(String name, String fallback, String meaning) {
    return new Parameter(name, Kind.TEXT, meaning, "", Optional.of(fallback), false, List.of());
  }

  public static Parameter number(String name, long fallback, String unit, String meaning) {
    return new Parameter(
        name, Kind.NUMBER, meaning, unit, Optional.of(Long.toString(fallback)), false, List.of());
  }

  public static Parameter flag(String name, boolean fallback, String meaning) {
    return new Parameter(
        name, Kind.FLAG, meaning, "", Optional.of(Boolean.toString(fallback)), false, List.of());
  }

  public static Parameter path(String name, Optional<String> fallback, String meaning) {
    return new Parameter(name, Kind.PATH, meaning, "", fallback, false, List.of());
  }

  public static Parameter choice(
      String name, String fallback, List<String> choices, String meaning) {
    return new Parameter(name, Kind.TEXT, meaning, "", Optional.of(fallback), false, choices);
  }

  /** The same, but it must be given. */
  public Parameter asRequired() {
    return new Parameter(name, kind, meaning, unit, Optional.empty(), true, choices);
  }
}
