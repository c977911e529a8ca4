package org.spinor.jdl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.spinor.jdl.Functions.Function;
import org.spinor.jdl.Value.ErrorValue;

/** The functions of strings. Positions and lengths count characters, not UTF-16 units. */
final class TextFunctions {

  private static final int ANY_NUMBER = Integer.MAX_VALUE;

  private TextFunctions() {}

  static void addTo(Map<String, Function> table) {
    table.put("strcat", Function.strict(0, ANY_NUMBER, TextFunctions::concatenate));
    table.put("substr", Function.strict(2, 3, (_, values) -> substring(values)));
    table.put("toupper", Function.strict(1, 1, (_, values) -> changeCase(values, true)));
    table.put("tolower", Function.strict(1, 1, (_, values) -> changeCase(values, false)));
    table.put("strcmp", Function.strict(2, 2, (_, values) -> compare(values, false)));
    table.put("stricmp", Function.strict(2, 2, (_, values) -> compare(values, true)));
    table.put("regexp", Function.strict(2, 3, TextFunctions::matches));
    table.put("split", Function.strict(1, 2, TextFunctions::split));
    table.put("join", Function.strict(1, ANY_NUMBER, TextFunctions::join));
  }

  private static Optional<Value> concatenate(Evaluator evaluator, List<Value> values) {
    return join(evaluator, "", values);
  }

  /** {@code join(separator, list)}, {@code join(separator, a, b, ...)} or {@code join(list)}. */
  private static Optional<Value> join(Evaluator evaluator, List<Value> values) {
    if (values.size() == 1) {
      return values.getFirst() instanceof Value.ListValue(List<Value> items)
          ? join(evaluator, "", items)
          : Optional.empty();
    }
    if (!(values.getFirst() instanceof Value.Text(String separator))) {
      return Optional.empty();
    }
    List<Value> rest = values.subList(1, values.size());
    return rest.size() == 1 && rest.getFirst() instanceof Value.ListValue(List<Value> items)
        ? join(evaluator, separator, items)
        : join(evaluator, separator, rest);
  }

  private static Optional<Value> join(Evaluator evaluator, String separator, List<Value> items) {
    Optional<Value> unusable = Operators.unusable(items);
    if (unusable.isPresent()) {
      return unusable;
    }
    StringBuilder joined = new StringBuilder();
    String before = "";
    for (Value item : items) {
      if (!(item instanceof Value.Scalar scalar)) {
        return Optional.empty();
      }
      String text = Printer.plainText(scalar);
      evaluator.chargeText((long) text.length() + separator.length());
      joined.append(before).append(text);
      before = separator;
    }
    return Optional.of(Value.of(joined.toString()));
  }

  private static Optional<Value> substring(List<Value> values) {
    if (!(values.get(0) instanceof Value.Text(String text))
        || !(values.get(1) instanceof Value.Int(long offset))
        || !(values.getLast() instanceof Value.Int(long last))) {
      return Optional.empty();
    }
    long size = text.codePointCount(0, text.length());
    long start = Math.clamp(offset < 0 ? size + offset : offset, 0, size);
    long length = values.size() == 2 ? size : last;
    long end = Math.clamp(length < 0 ? size + length : start + Math.min(length, size), start, size);
    int from = text.offsetByCodePoints(0, (int) start);
    int to = text.offsetByCodePoints(from, (int) (end - start));
    return Optional.of(Value.of(text.substring(from, to)));
  }

  private static Optional<Value> changeCase(List<Value> values, boolean up) {
    return Functions.toText(values.getFirst())
        .map(
            value ->
                value instanceof Value.Text(String text)
                    ? Value.of(up ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT))
                    : value);
  }

  private static Optional<Value> compare(List<Value> values, boolean anyCase) {
    if (values.get(0) instanceof Value.Text(String one)
        && values.get(1) instanceof Value.Text(String two)) {
      long order = anyCase ? one.compareToIgnoreCase(two) : one.compareTo(two);
      return Optional.of(Value.of((long) Long.signum(order)));
    }
    return Optional.empty();
  }

  /** {@code regexp(pattern, text[, options])}: whether the pattern is found in the text. */
  private static Optional<Value> matches(Evaluator evaluator, List<Value> values) {
    if (!(values.get(0) instanceof Value.Text(String pattern))
        || !(values.get(1) instanceof Value.Text(String text))
        || !(values.getLast() instanceof Value.Text(String last))) {
      return Optional.empty();
    }
    try {
      Regex regex = Regex.compile(pattern, values.size() == 3 ? last : "", evaluator::charge);
      return Optional.of(Value.of(regex.find(text, evaluator::charge)));
    } catch (Regex.PatternException wrong) {
      return Optional.of(new ErrorValue("regexp: " + wrong.getMessage()));
    }
  }

  /** {@code split(text[, delimiters])}: the pieces between commas and blanks. */
  private static Optional<Value> split(Evaluator evaluator, List<Value> values) {
    if (!(values.getFirst() instanceof Value.Text(String text))
        || !(values.getLast() instanceof Value.Text(String last))) {
      return Optional.empty();
    }
    List<Value> pieces = new ArrayList<>();
    for (String piece :
        pieces(evaluator, text, values.size() == 2 ? last : ListFunctions.DELIMITERS)) {
      pieces.add(Value.of(piece));
    }
    return Optional.of(new Value.ListValue(pieces));
  }

  /** Cuts a text at each of the delimiters, without empty pieces, which are trimmed. */
  static List<String> pieces(Evaluator evaluator, String text, String delimiters) {
    evaluator.charge((long) text.length() * Math.min(delimiters.length(), 64) / 16);
    int[] cuts = delimiters.codePoints().limit(64).toArray();
    List<String> pieces = new ArrayList<>();
    int start = 0;
    int position = 0;
    while (position <= text.length()) {
      boolean end = position == text.length();
      int codePoint = end ? 0 : text.codePointAt(position);
      if (end || contains(cuts, codePoint)) {
        String piece = text.substring(start, position).strip();
        if (!piece.isEmpty()) {
          evaluator.charge(1);
          pieces.add(piece);
        }
        start = position + (end ? 0 : Character.charCount(codePoint));
      }
      position += end ? 1 : Character.charCount(codePoint);
    }
    return pieces;
  }

  private static boolean contains(int[] codePoints, int wanted) {
    for (int codePoint : codePoints) {
      if (codePoint == wanted) {
        return true;
      }
    }
    return false;
  }
}
