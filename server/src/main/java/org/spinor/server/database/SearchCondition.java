package org.spinor.server.database;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** One condition of a search as SQL. */
final class SearchCondition {
  private SearchCondition() {}

  static void add(Conditions conditions, SearchColumn column, SearchRequest.Spec spec) {
    switch (spec.operator()) {
      case "eq", "neq", "gt", "lt" -> compare(conditions, column, spec, single(spec));
      case "like" -> conditions.and(text(column, spec) + " LIKE ?", single(spec));
      case "not like" -> conditions.and(text(column, spec) + " NOT LIKE ?", single(spec));
      case "regex" -> conditions.and(text(column, spec) + " ~ ?", single(spec));
      case "in" -> among(conditions, column, spec, true);
      case "not in" -> among(conditions, column, spec, false);
      default ->
          throw new SpinorException(
              ErrorCode.UNPROCESSABLE,
              "unknown operator '"
                  + spec.operator()
                  + "': use eq, neq, gt, lt, like, not like, regex, in or not in");
    }
  }

  private static void compare(
      Conditions conditions, SearchColumn column, SearchRequest.Spec spec, String value) {
    if (column.kind() == SearchColumn.Kind.TIME) {
      period(conditions, column, spec.operator(), parsePeriod(value));
      return;
    }
    String sign =
        switch (spec.operator()) {
          case "eq" -> " = ?";
          case "neq" -> " <> ?";
          case "gt" -> " > ?";
          default -> " < ?";
        };
    conditions.and(column.sql() + sign, scalar(column, value));
  }

  private static void period(
      Conditions conditions, SearchColumn column, String operator, TimePeriod period) {
    String name = column.sql();
    switch (operator) {
      case "eq" -> {
        conditions.and(name + " >= ?", period.from());
        conditions.and(name + " < ?", period.until());
      }
      case "neq" ->
          conditions.and("(" + name + " < ? OR " + name + " >= ?)", period.from(), period.until());
      case "gt" -> conditions.and(name + " >= ?", period.until());
      default -> conditions.and(name + " < ?", period.from());
    }
  }

  private static void among(
      Conditions conditions, SearchColumn column, SearchRequest.Spec spec, boolean inside) {
    if (spec.values() == null) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "operator '" + spec.operator() + "' needs values");
    }
    List<Object> values = spec.operands();
    if (column.kind() == SearchColumn.Kind.TIME) {
      periods(conditions, column, values, inside);
      return;
    }
    String sign = inside ? " = ANY(?)" : " <> ALL(?)";
    Object array =
        switch (column.kind()) {
          case TEXT -> values.stream().map(SearchCondition::plain).toArray(String[]::new);
          case INTEGER -> values.stream().mapToLong(v -> (Long) scalar(column, v)).toArray();
          case REAL -> values.stream().mapToDouble(v -> (Double) scalar(column, v)).toArray();
          case BOOLEAN -> values.stream().map(v -> scalar(column, v)).toArray(Boolean[]::new);
          case TIME -> throw new IllegalStateException("periods have no array");
        };
    conditions.and(column.sql() + sign, array);
  }

  private static void periods(
      Conditions conditions, SearchColumn column, List<Object> values, boolean inside) {
    List<TimePeriod> periods = new ArrayList<>();
    for (Object value : values) {
      periods.add(parsePeriod(value));
    }
    if (periods.stream().map(TimePeriod::unit).distinct().count() > 1) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "Cannot parse values: the times of one condition have the same resolution");
    }
    if (periods.isEmpty()) {
      conditions.and(inside ? "false" : "true");
      return;
    }
    String any =
        periods.stream()
            .map(period -> column.sql() + " <@ tstzrange(" + literal(period) + ")")
            .collect(Collectors.joining(" OR ", "(", ")"));
    conditions.and(inside ? any : "NOT " + any);
  }

  /** The bounds as literals: they were parsed, so nothing of the caller's text is left in them. */
  private static String literal(TimePeriod period) {
    return "'" + utc(period.from()) + "', '" + utc(period.until()) + "'";
  }

  private static String utc(OffsetDateTime time) {
    return time.toInstant().toString();
  }

  private static String text(SearchColumn column, SearchRequest.Spec spec) {
    return switch (column.kind()) {
      case TEXT -> column.sql();
      case INTEGER, REAL, BOOLEAN -> "(" + column.sql() + ")::text";
      case TIME ->
          throw new SpinorException(
              ErrorCode.INVALID_REQUEST,
              "Cannot use operator '" + spec.operator() + "' on the time " + column.name());
    };
  }

  private static String single(SearchRequest.Spec spec) {
    Object value = spec.value();
    if (value == null) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "operator '" + spec.operator() + "' needs a value");
    }
    return plain(value);
  }

  private static String plain(Object value) {
    return switch (value) {
      case String text when text.indexOf('\0') >= 0 ->
          throw new SpinorException(ErrorCode.INVALID_REQUEST, "a value has a NUL character in it");
      case String text -> text;
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case Boolean flag -> flag.toString();
      default ->
          throw new SpinorException(
              ErrorCode.UNPROCESSABLE, "a value is text or a whole number, not " + value);
    };
  }

  private static Object scalar(SearchColumn column, Object value) {
    String text = plain(value);
    try {
      return switch (column.kind()) {
        case TEXT -> text;
        case INTEGER -> Long.valueOf(text.strip());
        case REAL -> Double.valueOf(text.strip());
        case BOOLEAN -> flag(text);
        case TIME -> parsePeriod(value);
      };
    } catch (IllegalArgumentException e) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "Cannot parse value '" + text + "' of " + column.name() + ": expected " + column.kind());
    }
  }

  private static Boolean flag(String text) {
    return switch (text) {
      case "true", "True", "1" -> true;
      case "false", "False", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static TimePeriod parsePeriod(Object value) {
    String text = plain(value);
    return TimePeriod.parse(text)
        .orElseThrow(
            () ->
                new SpinorException(
                    ErrorCode.INVALID_REQUEST,
                    "Cannot parse value='"
                        + text
                        + "': write a time as 2026, 2026-01-31, 2026-01-31 10:30 or"
                        + " 2026-01-31T10:30:00"));
  }
}
