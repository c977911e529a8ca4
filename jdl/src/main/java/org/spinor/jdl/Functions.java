package org.spinor.jdl;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.spinor.jdl.Value.AdValue;
import org.spinor.jdl.Value.ErrorValue;

/**
 * The built-in functions: how a call works, and those about types and time. The others are in
 * {@link NumberFunctions}, {@link TextFunctions} and {@link ListFunctions}; {@code
 * docs/user/jdl.md} lists all.
 */
final class Functions {

  private static final Map<String, Function> TABLE = table();

  private Functions() {}

  /** What a function does with its values; empty if it is not defined for their types. */
  @FunctionalInterface
  interface Body {
    Optional<Value> apply(Evaluator evaluator, List<Value> arguments);
  }

  /**
   * @param strict whether an error or undefined argument is the result, without a look at the
   *     others
   */
  record Function(int least, int most, boolean strict, Body body) {
    static Function strict(int least, int most, Body body) {
      return new Function(least, most, true, body);
    }

    static Function lenient(int least, int most, Body body) {
      return new Function(least, most, false, body);
    }
  }

  static Value call(Evaluator evaluator, String name, List<Expr> arguments, AdValue scope) {
    String key = Names.key(name);
    Function function = TABLE.get(key);
    if (function == null) {
      return new ErrorValue("there is no function " + name);
    }
    if (arguments.size() < function.least() || arguments.size() > function.most()) {
      return new ErrorValue("%s with %d arguments".formatted(name, arguments.size()));
    }
    if (key.equals("ifthenelse")) {
      Value condition = evaluator.evaluate(arguments.get(0), scope);
      return evaluator.conditional(condition, arguments.get(1), arguments.get(2), scope);
    }
    List<Value> values = evaluator.all(arguments, scope);
    Optional<Value> forced = function.strict() ? Operators.unusable(values) : Optional.empty();
    return forced
        .or(() -> function.body().apply(evaluator, values))
        .orElseGet(() -> Operators.mismatch(name, values.toArray(Value[]::new)));
  }

  private static Map<String, Function> table() {
    Map<String, Function> table = new HashMap<>();
    typeTest(table, "isundefined", value -> value instanceof Value.Undefined);
    typeTest(table, "iserror", value -> value instanceof ErrorValue);
    typeTest(table, "isstring", value -> value instanceof Value.Text);
    typeTest(table, "isinteger", value -> value instanceof Value.Int);
    typeTest(table, "isreal", value -> value instanceof Value.Real);
    typeTest(table, "isboolean", value -> value instanceof Value.Bool);
    typeTest(table, "islist", value -> value instanceof Value.ListValue);
    typeTest(table, "isclassad", value -> value instanceof AdValue);
    // Its branches are evaluated one at a time, by call().
    table.put("ifthenelse", Function.lenient(3, 3, (_, _) -> Optional.empty()));
    table.put("int", Function.strict(1, 1, (_, values) -> toInt(values.getFirst())));
    table.put("real", Function.strict(1, 1, (_, values) -> toReal(values.getFirst())));
    table.put("bool", Function.strict(1, 1, (_, values) -> toBool(values.getFirst())));
    table.put("string", Function.strict(1, 1, (_, values) -> toText(values.getFirst())));
    table.put("time", Function.strict(0, 0, (evaluator, _) -> Optional.of(now(evaluator))));
    table.put("interval", Function.strict(1, 1, (_, values) -> interval(values.getFirst())));
    NumberFunctions.addTo(table);
    TextFunctions.addTo(table);
    ListFunctions.addTo(table);
    return Map.copyOf(table);
  }

  private static void typeTest(Map<String, Function> table, String name, Predicate<Value> test) {
    table.put(
        name,
        Function.lenient(1, 1, (_, values) -> Optional.of(Value.of(test.test(values.getFirst())))));
  }

  /** The number that a text spells, else an error. */
  static Value parseNumber(String text) {
    String number = text.strip();
    return NumberText.read(number.startsWith("+") ? number.substring(1) : number)
        .<Value>map(value -> value)
        .orElseGet(() -> new ErrorValue("the string spells no number"));
  }

  private static Optional<Value> toInt(Value value) {
    return switch (value) {
      case Value.Int _ -> Optional.of(value);
      case Value.Bool(boolean truth) -> Optional.of(Value.of(truth ? 1L : 0L));
      case Value.Real(double number) ->
          Optional.of(whole(number < 0 ? Math.ceil(number) : Math.floor(number)));
      case Value.Text(String text) ->
          parseNumber(text) instanceof ErrorValue error
              ? Optional.of(error)
              : toInt(parseNumber(text));
      default -> Optional.empty();
    };
  }

  /** An integer, if the whole real fits. */
  static Value whole(double number) {
    return Math.abs(number) < 0x1p63 ? Value.of((long) number) : Operators.overflow();
  }

  static Optional<Value> toReal(Value value) {
    return switch (value) {
      case Value.Int(long number) -> Optional.of(Value.of((double) number));
      case Value.Real _ -> Optional.of(value);
      case Value.Bool(boolean truth) -> Optional.of(Value.of(truth ? 1.0 : 0.0));
      case Value.Text(String text) ->
          parseNumber(text) instanceof ErrorValue error
              ? Optional.of(error)
              : toReal(parseNumber(text));
      default -> Optional.empty();
    };
  }

  private static Optional<Value> toBool(Value value) {
    if (value instanceof Value.Text(String text)) {
      return switch (Names.key(text.strip())) {
        case "true" -> Optional.of(Value.TRUE);
        case "false" -> Optional.of(Value.FALSE);
        default -> Optional.of(new ErrorValue("the string is neither true nor false"));
      };
    }
    return Operators.truth(value) instanceof Value.Bool truth
        ? Optional.of(truth)
        : Optional.empty();
  }

  /** The text of a value without parts. */
  static Optional<Value> toText(Value value) {
    return value instanceof Value.Scalar scalar
        ? Optional.of(Value.of(Printer.plainText(scalar)))
        : Optional.empty();
  }

  private static Value now(Evaluator evaluator) {
    return evaluator
        .context()
        .clock()
        .<Value>map(clock -> Value.of(clock.instant().getEpochSecond()))
        .orElseGet(() -> new ErrorValue("there is no clock here"));
  }

  /** Seconds as {@code days+hours:minutes:seconds}. */
  private static Optional<Value> interval(Value value) {
    if (!(value instanceof Value.Int(long seconds)) || seconds < 0) {
      return Optional.empty();
    }
    return Optional.of(
        Value.of(
            String.format(
                Locale.ROOT,
                "%d+%02d:%02d:%02d",
                seconds / 86_400,
                seconds / 3_600 % 24,
                seconds / 60 % 60,
                seconds % 60)));
  }
}
