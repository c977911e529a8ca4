package org.spinor.jdl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The typed getters of {@link Ad}. */
final class TypedReader {

  private static final int LONGEST_QUOTE = 60;

  private TypedReader() {}

  static Optional<String> string(Ad ad, String name) {
    Evaluator evaluator = new Evaluator(Context.of(ad));
    return ad.get(name).flatMap(expr -> text(evaluator, name, expr, "a string"));
  }

  static OptionalLong integer(Ad ad, String name) {
    Value value = ad.evaluate(name);
    return switch (value) {
      case Value.Undefined _ -> OptionalLong.empty();
      case Value.Int(long number) -> OptionalLong.of(number);
      case Value.Real(double number) when isWhole(number) -> OptionalLong.of((long) number);
      case Value.Text(String text)
          when Functions.parseNumber(text) instanceof Value.Int(long number) ->
          OptionalLong.of(number);
      default -> throw wrong(name, "an integer", value);
    };
  }

  static Optional<Double> real(Ad ad, String name) {
    Value value = ad.evaluate(name);
    return switch (value) {
      case Value.Undefined _ -> Optional.empty();
      case Value.Int(long number) -> Optional.of((double) number);
      case Value.Real(double number) -> Optional.of(number);
      case Value.Text(String text) when Operators.isNumber(Functions.parseNumber(text)) ->
          Optional.of(Operators.toDouble(Functions.parseNumber(text)));
      default -> throw wrong(name, "a number", value);
    };
  }

  static Optional<Boolean> bool(Ad ad, String name) {
    Value value = ad.evaluate(name);
    return switch (value) {
      case Value.Undefined _ -> Optional.empty();
      case Value.Bool(boolean truth) -> Optional.of(truth);
      case Value.Text(String text) when text.strip().equalsIgnoreCase("true") -> Optional.of(true);
      case Value.Text(String text) when text.strip().equalsIgnoreCase("false") ->
          Optional.of(false);
      default -> throw wrong(name, "true or false", value);
    };
  }

  static List<String> strings(Ad ad, String name) {
    return ad.get(name).map(expr -> strings(ad, name, expr)).orElse(List.of());
  }

  static List<String> commaSeparated(Ad ad, String name) {
    Optional<Expr> expr = ad.get(name);
    if (expr.isEmpty() || expr.get() instanceof Expr.ListOf) {
      return strings(ad, name);
    }
    return strings(ad, name).stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static List<String> strings(Ad ad, String name, Expr expr) {
    // One evaluator for all items, so that they share one budget.
    Evaluator evaluator = new Evaluator(Context.of(ad));
    List<String> texts = new ArrayList<>();
    if (expr instanceof Expr.ListOf(List<Expr> items)) {
      for (Expr item : items) {
        text(evaluator, name, item, "a list of strings").ifPresent(texts::add);
      }
    } else if (evaluator.evaluate(expr) instanceof Value.ListValue(List<Value> items)) {
      for (Value item : items) {
        texts.add(text(name, item, "a list of strings"));
      }
    } else {
      text(evaluator, name, expr, "a list of strings").ifPresent(texts::add);
    }
    return List.copyOf(texts);
  }

  private static Optional<String> text(
      Evaluator evaluator, String name, Expr expr, String expected) {
    if (expr instanceof Expr.Literal literal && !literal.written().isEmpty()) {
      return Optional.of(literal.text());
    }
    // Constants cost no steps: a list of them may be longer than any budget.
    Value value = expr instanceof Expr.Literal literal ? literal.value() : evaluator.evaluate(expr);
    return value instanceof Value.Undefined
        ? Optional.empty()
        : Optional.of(text(name, value, expected));
  }

  private static String text(String name, Value value, String expected) {
    return switch (value) {
      case Value.Text(String text) -> text;
      case Value.Int _, Value.Real _, Value.Bool _ -> Printer.plainText((Value.Scalar) value);
      case Value.Undefined _, Value.ErrorValue _, Value.ListValue _, Value.AdValue _ ->
          throw wrong(name, expected, value);
    };
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) < 0x1p63;
  }

  private static JdlTypeException wrong(String name, String expected, Value value) {
    return new JdlTypeException(name, expected, describe(value));
  }

  /** A value in a few words for a message. */
  static String describe(Value value) {
    return switch (value) {
      case Value.Undefined _ -> "nothing (undefined)";
      case Value.ErrorValue(String reason) -> reason.isEmpty() ? "an error" : "an error: " + reason;
      case Value.Bool(boolean truth) -> "the boolean " + truth;
      case Value.Int(long number) -> "the integer " + number;
      case Value.Real(double number) -> "the real " + NumberText.of(number);
      case Value.Text(String text) -> "the string " + quote(text);
      case Value.ListValue(List<Value> items) -> "a list of " + items.size();
      case Value.AdValue _ -> "an ad";
    };
  }

  private static String quote(String text) {
    int end = Math.min(text.length(), LONGEST_QUOTE);
    if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
      end--;
    }
    String quoted = Printer.quote(text.substring(0, end));
    return end < text.length() ? quoted + " ..." : quoted;
  }
}
