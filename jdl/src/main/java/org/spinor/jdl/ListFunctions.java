package org.spinor.jdl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.spinor.jdl.Functions.Function;

/** The functions of lists, and of the strings that stand for lists ("a, b, c"). */
final class ListFunctions {

  static final String DELIMITERS = " ,";

  private static final int ANY_NUMBER = Integer.MAX_VALUE;

  private ListFunctions() {}

  static void addTo(Map<String, Function> table) {
    table.put("size", Function.strict(1, 1, (_, values) -> size(values.getFirst())));
    table.put("member", Function.strict(2, 2, (_, values) -> member(values, ListFunctions::equal)));
    table.put(
        "identicalmember",
        Function.strict(2, 2, (_, values) -> member(values, Operators::identical)));
    table.put(
        "sum", Function.strict(1, ANY_NUMBER, (_, values) -> fold(values, ListFunctions::sum)));
    table.put(
        "avg", Function.strict(1, ANY_NUMBER, (_, values) -> fold(values, ListFunctions::average)));
    table.put(
        "min",
        Function.strict(
            1,
            ANY_NUMBER,
            (_, values) -> fold(values, items -> extreme(items, BinaryOperator.LESS))));
    table.put(
        "max",
        Function.strict(
            1,
            ANY_NUMBER,
            (_, values) -> fold(values, items -> extreme(items, BinaryOperator.GREATER))));
    table.put("stringlistsize", Function.strict(1, 2, ListFunctions::stringListSize));
    table.put(
        "stringlistmember",
        Function.strict(
            2, 3, (evaluator, values) -> stringListMember(evaluator, values, String::equals)));
    table.put(
        "stringlistimember",
        Function.strict(
            2,
            3,
            (evaluator, values) -> stringListMember(evaluator, values, String::equalsIgnoreCase)));
  }

  private static Optional<Value> size(Value value) {
    return switch (value) {
      case Value.ListValue(List<Value> items) -> Optional.of(Value.of((long) items.size()));
      case Value.AdValue(Ad ad, _) -> Optional.of(Value.of((long) ad.size()));
      case Value.Text(String text) ->
          Optional.of(Value.of((long) text.codePointCount(0, text.length())));
      default -> Optional.empty();
    };
  }

  /** {@code member(value, list)}; an item of another type is no match, rather than an error. */
  private static Optional<Value> member(List<Value> values, BiPredicate<Value, Value> same) {
    if (!(values.get(1) instanceof Value.ListValue(List<Value> items))
        || !(values.get(0) instanceof Value.Scalar wanted)) {
      return Optional.empty();
    }
    return Optional.of(Value.of(items.stream().anyMatch(item -> same.test(wanted, item))));
  }

  private static boolean equal(Value one, Value two) {
    return Operators.binary(BinaryOperator.EQUAL, one, two).equals(Value.TRUE);
  }

  /** Applies a function to the numbers of one list, or to the arguments themselves. */
  private static Optional<Value> fold(
      List<Value> values, java.util.function.Function<List<Value>, Value> function) {
    List<Value> items =
        values.size() == 1 && values.getFirst() instanceof Value.ListValue(List<Value> list)
            ? list
            : values;
    Optional<Value> unusable = Operators.unusable(items);
    if (unusable.isPresent()) {
      return unusable;
    }
    return items.stream().allMatch(Operators::isNumber)
        ? Optional.of(function.apply(items))
        : Optional.empty();
  }

  private static Value sum(List<Value> items) {
    Value sum = Value.of(0L);
    for (Value item : items) {
      if (Operators.isNumber(sum)) {
        sum = Operators.arithmetic(BinaryOperator.ADD, sum, item);
      }
    }
    return sum;
  }

  private static Value average(List<Value> items) {
    return items.isEmpty()
        ? Value.UNDEFINED
        : Value.of(items.stream().mapToDouble(Operators::toDouble).average().orElseThrow());
  }

  private static Value extreme(List<Value> items, BinaryOperator better) {
    Value best = Value.UNDEFINED;
    for (Value item : items) {
      boolean takes =
          best instanceof Value.Undefined
              || Operators.binary(better, item, best).equals(Value.TRUE);
      best = takes ? item : best;
    }
    return best;
  }

  private static Optional<Value> stringListSize(Evaluator evaluator, List<Value> values) {
    return values.getFirst() instanceof Value.Text(String list)
            && values.getLast() instanceof Value.Text(String last)
        ? Optional.of(Value.of((long) pieces(evaluator, list, values.size() == 2, last).size()))
        : Optional.empty();
  }

  private static Optional<Value> stringListMember(
      Evaluator evaluator, List<Value> values, BiPredicate<String, String> same) {
    if (!(values.get(0) instanceof Value.Text(String wanted))
        || !(values.get(1) instanceof Value.Text(String list))
        || !(values.getLast() instanceof Value.Text(String last))) {
      return Optional.empty();
    }
    return Optional.of(
        Value.of(
            pieces(evaluator, list, values.size() == 3, last).stream()
                .anyMatch(item -> same.test(wanted, item))));
  }

  private static List<String> pieces(
      Evaluator evaluator, String list, boolean delimited, String delimiters) {
    return TextFunctions.pieces(evaluator, list, delimited ? delimiters : DELIMITERS);
  }
}
