package org.spinor.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values given for a plug-in's parameters, checked against their descriptions. */
public final class Parameters {
  private final Map<String, Parameter> known;
  private final Map<String, String> given;

  private Parameters(Map<String, Parameter> known, Map<String, String> given) {
    this.known = known;
    this.given = given;
  }

  /**
   * All problems of the values, each in one line; empty: none.
   *
   * @param given values by name; names that no parameter has are problems
   */
  public static List<String> problems(List<Parameter> parameters, Map<String, String> given) {
    Map<String, Parameter> known = byName(parameters);
    List<String> problems = new ArrayList<>();
    given.forEach(
        (name, value) -> {
          Parameter parameter = known.get(name);
          if (parameter == null) {
            problems.add(unknown(name, known));
          } else {
            problem(parameter, value).ifPresent(problems::add);
          }
        });
    for (Parameter parameter : parameters) {
      if (parameter.required() && !given.containsKey(parameter.name())) {
        problems.add(parameter.name() + ": is missing: " + parameter.meaning());
      }
    }
    return problems;
  }

  /**
   * The values, fit for use.
   *
   * @throws MisconfiguredException with all problems
   */
  public static Parameters of(List<Parameter> parameters, Map<String, String> given) {
    List<String> problems = problems(parameters, given);
    if (!problems.isEmpty()) {
      throw new MisconfiguredException(String.join("; ", problems));
    }
    return new Parameters(byName(parameters), Map.copyOf(given));
  }

  /** The value or the default; empty where there is neither. */
  public Optional<String> text(String name) {
    Parameter parameter = known.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the plug-in describes no parameter " + name);
    }
    return Optional.ofNullable(given.get(name)).or(parameter::fallback);
  }

  public long number(String name) {
    return Long.parseLong(value(name).strip());
  }

  public Duration seconds(String name) {
    return Duration.ofSeconds(number(name));
  }

  public boolean flag(String name) {
    return isTrue(value(name));
  }

  public Optional<Path> path(String name) {
    return text(name).map(Path::of);
  }

  private String value(String name) {
    return text(name)
        .orElseThrow(() -> new IllegalArgumentException(name + " has no value and no default"));
  }

  private static Map<String, Parameter> byName(List<Parameter> parameters) {
    Map<String, Parameter> known = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      if (known.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException("parameter " + parameter.name() + " is described twice");
      }
    }
    return known;
  }

  private static Optional<String> problem(Parameter parameter, String value) {
    String expected =
        switch (parameter.kind()) {
          case NUMBER -> value.strip().matches("\\d{1,18}") ? "" : "a whole number, 0 or more";
          case FLAG -> isFlag(value) ? "" : "true or false";
          case PATH -> value.startsWith("/") ? "" : "an absolute path";
          case TEXT ->
              parameter.choices().isEmpty() || parameter.choices().contains(value)
                  ? ""
                  : "one of " + String.join(", ", parameter.choices());
        };
    return expected.isEmpty()
        ? Optional.empty()
        : Optional.of(parameter.name() + ": '" + value + "' is not " + expected);
  }

  private static boolean isTrue(String value) {
    return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("yes");
  }

  private static boolean isFlag(String value) {
    return isTrue(value) || value.equalsIgnoreCase("false") || value.equalsIgnoreCase("no");
  }

  private static String unknown(String name, Map<String, Parameter> known) {
    return known.keySet().stream()
        .filter(candidate -> near(name, candidate))
        .findFirst()
        .map(candidate -> name + ": no such parameter; did you mean " + candidate + "?")
        .orElseGet(
            () -> name + ": no such parameter; there are " + String.join(", ", known.keySet()));
  }

  /** Equal but for letter case, or at most two letters wrong, missing or added. */
  private static boolean near(String given, String candidate) {
    String a = given.toLowerCase(java.util.Locale.ROOT);
    String b = candidate.toLowerCase(java.util.Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()] <= 2;
  }
}
