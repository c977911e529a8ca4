package org.spinor.jdl;

import java.util.List;
import java.util.Optional;

/** The values of one parameter, one for each job, each found in a time that does not grow. */
@FunctionalInterface
interface ParameterVector {

  /** Of an iterated sequence every so many values are kept; the others are computed from there. */
  int STRIDE = 64;

  /** A literal, or a list of literals. */
  Expr value(int index);

  /** Values that were written down. */
  static ParameterVector listed(List<Expr> values) {
    return values::get;
  }

  /**
   * The sequence in which each value is the one before times factor plus step. It is of reals as
   * soon as one of the three numbers is.
   *
   * <p>Between the values kept it repeats the same operations in the same order: only that gives
   * reals the same last digits as the whole iteration.
   *
   * @return empty if a value does not fit in 64 bits
   */
  static Optional<ParameterVector> sequence(Value start, Value factor, Value step, int count) {
    if (start instanceof Value.Int(long first)
        && factor instanceof Value.Int(long times)
        && step instanceof Value.Int(long distance)) {
      return times == 1
          ? evenIntegers(first, distance, count)
          : integers(first, times, distance, count);
    }
    return reals(
        Operators.toDouble(start), Operators.toDouble(factor), Operators.toDouble(step), count);
  }

  private static Optional<ParameterVector> evenIntegers(long start, long step, int count) {
    try {
      Math.addExact(start, Math.multiplyExact(step, count - 1L));
    } catch (ArithmeticException _) {
      return Optional.empty();
    }
    return Optional.of(index -> Expr.of(start + index * step));
  }

  private static Optional<ParameterVector> integers(long start, long factor, long step, int count) {
    long[] kept = new long[(count - 1) / STRIDE + 1];
    long value = start;
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        try {
          value = Math.addExact(Math.multiplyExact(value, factor), step);
        } catch (ArithmeticException _) {
          return Optional.empty();
        }
      }
      if (i % STRIDE == 0) {
        kept[i / STRIDE] = value;
      }
    }
    return Optional.of(
        index -> {
          long result = kept[index / STRIDE];
          for (int i = 0; i < index % STRIDE; i++) {
            result = result * factor + step;
          }
          return Expr.of(result);
        });
  }

  private static Optional<ParameterVector> reals(
      double start, double factor, double step, int count) {
    double[] kept = new double[(count - 1) / STRIDE + 1];
    double value = start;
    for (int i = 0; i < count; i++) {
      value = i > 0 ? value * factor + step : value;
      if (!Double.isFinite(value)) {
        return Optional.empty();
      }
      if (i % STRIDE == 0) {
        kept[i / STRIDE] = value;
      }
    }
    return Optional.of(
        index -> {
          double result = kept[index / STRIDE];
          for (int i = 0; i < index % STRIDE; i++) {
            result = result * factor + step;
          }
          return Expr.of(result);
        });
  }
}
