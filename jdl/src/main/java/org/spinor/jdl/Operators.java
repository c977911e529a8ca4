package org.spinor.jdl;

import java.util.List;
import java.util.Optional;
import org.spinor.jdl.Value.ErrorValue;

/**
 * The operators on values. All but {@code =?=} and {@code =!=} are strict: an error in an operand
 * gives an error, else an undefined one gives undefined.
 */
final class Operators {

  private Operators() {}

  /** What strict operators and functions give at once, if an operand leaves them no choice. */
  static Optional<Value> unusable(List<Value> operands) {
    Optional<Value> undefined = Optional.empty();
    for (Value operand : operands) {
      if (operand instanceof ErrorValue) {
        return Optional.of(operand);
      }
      if (operand instanceof Value.Undefined) {
        undefined = Optional.of(operand);
      }
    }
    return undefined;
  }

  static ErrorValue mismatch(String operator, Value... operands) {
    StringBuilder types = new StringBuilder();
    for (Value operand : operands) {
      types.append(types.isEmpty() ? "" : " and ").append(operand.typeName());
    }
    return new ErrorValue(operator + " is not defined for " + types);
  }

  /** A value as a condition: booleans, and numbers, of which only 0 is false. */
  static Value truth(Value value) {
    return switch (value) {
      case Value.Bool _, Value.Undefined _, ErrorValue _ -> value;
      case Value.Int(long number) -> Value.of(number != 0);
      case Value.Real(double number) -> Value.of(number != 0);
      case Value.Text _, Value.ListValue _, Value.AdValue _ ->
          new ErrorValue("a value of type " + value.typeName() + " is no condition");
    };
  }

  static Value unary(UnaryOperator operator, Value operand) {
    return switch (operator) {
      case NOT ->
          truth(operand) instanceof Value.Bool(boolean truth) ? Value.of(!truth) : truth(operand);
      case PLUS, NEGATE -> {
        boolean negate = operator == UnaryOperator.NEGATE;
        yield switch (operand) {
          case Value.Int(long number) when negate && number == Long.MIN_VALUE -> overflow();
          case Value.Int(long number) -> Value.of(negate ? -number : number);
          case Value.Real(double number) -> Value.of(negate ? -number : number);
          case Value.Undefined _, ErrorValue _ -> operand;
          default -> mismatch(operator.symbol(), operand);
        };
      }
      case COMPLEMENT ->
          switch (operand) {
            case Value.Int(long number) -> Value.of(~number);
            case Value.Undefined _, ErrorValue _ -> operand;
            default -> mismatch(operator.symbol(), operand);
          };
    };
  }

  static Value binary(BinaryOperator operator, Value left, Value right) {
    return switch (operator) {
      case IDENTICAL -> Value.of(identical(left, right));
      case NOT_IDENTICAL -> Value.of(!identical(left, right));
      case DEFAULT -> left instanceof Value.Undefined ? right : left;
      default -> unusable(List.of(left, right)).orElseGet(() -> strict(operator, left, right));
    };
  }

  /**
   * Same type and same value, strings letter by letter. Of ads only the very same one: comparing
   * their contents would cost more than the steps that led here.
   */
  static boolean identical(Value left, Value right) {
    if (left instanceof Value.AdValue(Ad one, _) && right instanceof Value.AdValue(Ad two, _)) {
      return Expressions.isSame(one, two);
    }
    if (left instanceof Value.ListValue(List<Value> one)
        && right instanceof Value.ListValue(List<Value> two)) {
      boolean same = one.size() == two.size();
      for (int i = 0; same && i < one.size(); i++) {
        same = identical(one.get(i), two.get(i));
      }
      return same;
    }
    return left.equals(right);
  }

  private static Value strict(BinaryOperator operator, Value left, Value right) {
    return switch (operator) {
      case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          compare(operator, left, right);
      case BIT_OR, BIT_XOR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED ->
          bits(operator, left, right);
      default -> arithmetic(operator, left, right);
    };
  }

  private static Value compare(BinaryOperator operator, Value left, Value right) {
    int order;
    if (left instanceof Value.Text(String one) && right instanceof Value.Text(String two)) {
      order = one.compareToIgnoreCase(two);
    } else if (left instanceof Value.Bool(boolean one)
        && right instanceof Value.Bool(boolean two)) {
      order = Boolean.compare(one, two);
    } else if (left instanceof Value.Int(long one) && right instanceof Value.Int(long two)) {
      order = Long.compare(one, two);
    } else if (isNumber(left) && isNumber(right)) {
      return compareReals(operator, toDouble(left), toDouble(right));
    } else {
      return mismatch(operator.symbol(), left, right);
    }
    return Value.of(
        switch (operator) {
          case EQUAL -> order == 0;
          case NOT_EQUAL -> order != 0;
          case LESS -> order < 0;
          case LESS_OR_EQUAL -> order <= 0;
          case GREATER -> order > 0;
          default -> order >= 0;
        });
  }

  private static Value compareReals(BinaryOperator operator, double left, double right) {
    return Value.of(
        switch (operator) {
          case EQUAL -> left == right;
          case NOT_EQUAL -> left != right;
          case LESS -> left < right;
          case LESS_OR_EQUAL -> left <= right;
          case GREATER -> left > right;
          default -> left >= right;
        });
  }

  private static Value bits(BinaryOperator operator, Value left, Value right) {
    if (left instanceof Value.Int(long one) && right instanceof Value.Int(long two)) {
      return Value.of(
          switch (operator) {
            case BIT_OR -> one | two;
            case BIT_XOR -> one ^ two;
            case BIT_AND -> one & two;
            case SHIFT_LEFT -> one << two;
            case SHIFT_RIGHT -> one >> two;
            default -> one >>> two;
          });
    }
    if (left instanceof Value.Bool(boolean one) && right instanceof Value.Bool(boolean two)) {
      return switch (operator) {
        case BIT_OR -> Value.of(one || two);
        case BIT_XOR -> Value.of(one ^ two);
        case BIT_AND -> Value.of(one && two);
        default -> mismatch(operator.symbol(), left, right);
      };
    }
    return mismatch(operator.symbol(), left, right);
  }

  static Value arithmetic(BinaryOperator operator, Value left, Value right) {
    if (left instanceof Value.Int(long one) && right instanceof Value.Int(long two)) {
      return integers(operator, one, two);
    }
    if (!isNumber(left) || !isNumber(right)) {
      return mismatch(operator.symbol(), left, right);
    }
    double one = toDouble(left);
    double two = toDouble(right);
    return switch (operator) {
      case ADD -> Value.of(one + two);
      case SUBTRACT -> Value.of(one - two);
      case MULTIPLY -> Value.of(one * two);
      case DIVIDE -> two == 0 ? divisionByZero() : Value.of(one / two);
      default -> mismatch(operator.symbol(), left, right);
    };
  }

  private static Value integers(BinaryOperator operator, long one, long two) {
    boolean divides = operator == BinaryOperator.DIVIDE || operator == BinaryOperator.REMAINDER;
    if (divides && two == 0) {
      return divisionByZero();
    }
    try {
      return Value.of(
          switch (operator) {
            case ADD -> Math.addExact(one, two);
            case SUBTRACT -> Math.subtractExact(one, two);
            case MULTIPLY -> Math.multiplyExact(one, two);
            case DIVIDE -> Math.divideExact(one, two);
            default -> one % two;
          });
    } catch (ArithmeticException _) {
      return overflow();
    }
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real;
  }

  static double toDouble(Value number) {
    return number instanceof Value.Int(long integer)
        ? (double) integer
        : number instanceof Value.Real(double real) ? real : Double.NaN;
  }

  private static ErrorValue divisionByZero() {
    return new ErrorValue("division by zero");
  }

  static ErrorValue overflow() {
    return new ErrorValue("the result does not fit in 64 bits");
  }
}
