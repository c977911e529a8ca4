package org.spinor.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spinor.api.JobId;

/**
 * One condition of a search, on one column; all conditions of a search hold together.
 *
 * @param parameter a column, as {@code Site}
 * @param operator {@code eq, neq, gt, lt, like, not like, regex}, or for lists {@code in, not in}
 * @param value text or a number; for the list operators a list of them
 */
public record Condition(String parameter, String operator, Object value) {
  /** Operators that compare with one value. */
  public static final List<String> SCALAR =
      List.of("eq", "neq", "gt", "lt", "like", "not like", "regex");

  /** Operators that compare with a list. */
  public static final List<String> VECTOR = List.of("in", "not in");

  public Condition {
    if (!SCALAR.contains(operator) && !VECTOR.contains(operator)) {
      throw new IllegalArgumentException(
          "unknown operator " + operator + "; there are " + SCALAR + " and " + VECTOR);
    }
  }

  public static Condition equal(String parameter, Object value) {
    return new Condition(parameter, "eq", value);
  }

  public static Condition in(String parameter, List<?> values) {
    return new Condition(parameter, "in", List.copyOf(values));
  }

  /** The jobs with these numbers; a gapless run of numbers becomes two comparisons. */
  public static List<Condition> jobs(List<JobId> ids) {
    List<JobId> sorted = ids.stream().sorted().distinct().toList();
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("no job ids");
    }
    long first = sorted.getFirst().value();
    long last = sorted.getLast().value();
    if (sorted.size() > 2 && last - first == sorted.size() - 1) {
      return List.of(
          new Condition("JobID", "gt", first - 1), new Condition("JobID", "lt", last + 1));
    }
    return List.of(in("JobID", sorted.stream().map(JobId::value).toList()));
  }

  /**
   * Reads a condition as people type it: {@code Site eq LCG.CERN.ch}, {@code Status in
   * Waiting,Running}, {@code JobName not like test%}; {@code =} and {@code !=} stand for eq and
   * neq.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static Condition parse(String text) {
    String[] words = text.strip().split("\\s+", 3);
    if (words.length < 3) {
      throw new IllegalArgumentException(
          "a condition is 'Column operator value', as 'Site eq LCG.CERN.ch', not '" + text + "'");
    }
    String operator = words[1].toLowerCase(Locale.ROOT);
    String value = words[2];
    if (operator.equals("not")) {
      String[] rest = value.split("\\s+", 2);
      operator = "not " + rest[0].toLowerCase(Locale.ROOT);
      value = rest.length > 1 ? rest[1] : "";
    }
    operator =
        switch (operator) {
          case "=", "==" -> "eq";
          case "!=", "<>" -> "neq";
          case ">" -> "gt";
          case "<" -> "lt";
          default -> operator;
        };
    if (VECTOR.contains(operator)) {
      return new Condition(words[0], operator, values(value));
    }
    return new Condition(words[0], operator, value);
  }

  private static List<String> values(String text) {
    String bare = text.strip();
    if (bare.startsWith("[") && bare.endsWith("]")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    List<String> values = new ArrayList<>();
    for (String value : bare.split(",", -1)) {
      String one = value.strip();
      if (one.length() > 1 && one.startsWith("\"") && one.endsWith("\"")) {
        one = one.substring(1, one.length() - 1);
      }
      if (!one.isEmpty()) {
        values.add(one);
      }
    }
    return values;
  }

  /** The condition as it goes over the wire. */
  Map<String, Object> wire() {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("parameter", parameter);
    wire.put("operator", operator);
    wire.put(VECTOR.contains(operator) ? "values" : "value", value);
    return wire;
  }
}
