package org.spinor.jdl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.spinor.jdl.Functions.Function;

/** The functions of numbers. Those that round take strings that spell a number, too. */
final class NumberFunctions {

  private NumberFunctions() {}

  static void addTo(Map<String, Function> table) {
    rounding(table, "floor", Math::floor);
    rounding(table, "ceiling", Math::ceil);
    rounding(table, "round", Math::rint);
    table.put("abs", Function.strict(1, 1, (_, values) -> abs(values.getFirst())));
    table.put("pow", Function.strict(2, 2, (_, values) -> pow(values.get(0), values.get(1))));
    table.put(
        "quantize", Function.strict(2, 2, (_, values) -> quantize(values.get(0), values.get(1))));
  }

  private static void rounding(
      Map<String, Function> table, String name, DoubleUnaryOperator round) {
    table.put(name, Function.strict(1, 1, (_, values) -> round(values.getFirst(), round)));
  }

  private static Optional<Value> round(Value value, DoubleUnaryOperator round) {
    if (value instanceof Value.Int) {
      return Optional.of(value);
    }
    return Functions.toReal(value)
        .map(
            number ->
                number instanceof Value.Real(double real)
                    ? Functions.whole(round.applyAsDouble(real))
                    : number);
  }

  private static Optional<Value> abs(Value value) {
    return switch (value) {
      case Value.Int(long number) when number == Long.MIN_VALUE ->
          Optional.of(Operators.overflow());
      case Value.Int(long number) -> Optional.of(Value.of(Math.abs(number)));
      case Value.Real(double number) -> Optional.of(Value.of(Math.abs(number)));
      default -> Optional.empty();
    };
  }

  private static Optional<Value> pow(Value base, Value exponent) {
    if (!Operators.isNumber(base) || !Operators.isNumber(exponent)) {
      return Optional.empty();
    }
    if (base instanceof Value.Int(long number)
        && exponent instanceof Value.Int(long times)
        && times >= 0) {
      return Optional.of(power(number, times));
    }
    return Optional.of(Value.of(Math.pow(Operators.toDouble(base), Operators.toDouble(exponent))));
  }

  private static Value power(long base, long exponent) {
    if (Math.abs((double) base) > 1 && exponent > 63) {
      return Operators.overflow();
    }
    // The other bases repeat themselves: only whether the exponent is even counts.
    long times = exponent > 63 ? 62 + exponent % 2 : exponent;
    Value result = Value.of(1L);
    for (long i = 0; i < times; i++) {
      result = Operators.arithmetic(BinaryOperator.MULTIPLY, result, Value.of(base));
    }
    return result;
  }

  /**
   * {@code quantize(a, b)}: the smallest multiple of b that is not below a; with a list b the first
   * item that is not below a, or else the multiple of its last item.
   */
  private static Optional<Value> quantize(Value value, Value step) {
    if (step instanceof Value.ListValue(List<Value> steps)) {
      for (Value each : steps) {
        if (!Operators.isNumber(each)) {
          return Optional.empty();
        }
        if (Operators.toDouble(each) >= Operators.toDouble(value)) {
          return Optional.of(each);
        }
      }
      return steps.isEmpty() ? Optional.of(value) : quantize(value, steps.getLast());
    }
    if (!Operators.isNumber(value) || !Operators.isNumber(step)) {
      return Optional.empty();
    }
    if (Operators.toDouble(step) == 0) {
      return Optional.of(value);
    }
    if (value instanceof Value.Int(long number) && step instanceof Value.Int(long unit)) {
      Value times = Value.of(Math.ceilDiv(number, unit));
      return Optional.of(Operators.arithmetic(BinaryOperator.MULTIPLY, times, step));
    }
    double unit = Operators.toDouble(step);
    return Optional.of(Value.of(Math.ceil(Operators.toDouble(value) / unit) * unit));
  }
}
