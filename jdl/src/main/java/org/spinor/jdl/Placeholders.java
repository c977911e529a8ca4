package org.spinor.jdl;

import java.util.function.Predicate;

/**
 * The shape of the placeholders of parametric jobs: {@code %s}, {@code %n}, {@code %j} and {@code
 * %(name)s}.
 */
final class Placeholders {

  private Placeholders() {}

  /** Where the placeholder that begins at {@code start} ends, or -1 if none begins there. */
  static int endAt(String text, int start) {
    if (start + 1 >= text.length() || text.charAt(start) != '%') {
      return -1;
    }
    return switch (text.charAt(start + 1)) {
      case 's', 'n', 'j' -> start + 2;
      case '(' -> endOfNamed(text, start + 2);
      default -> -1;
    };
  }

  private static int endOfNamed(String text, int nameStart) {
    int end = nameStart;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    return end > nameStart && text.startsWith(")s", end) ? end + 2 : -1;
  }

  private static boolean isNamePart(char c) {
    return c >= ' ' && !Character.isSurrogate(c) && "%()".indexOf(c) < 0;
  }

  /** Where the first placeholder from {@code start} on begins, or -1. */
  static int next(String text, int start) {
    int place = text.indexOf('%', start);
    while (place >= 0 && endAt(text, place) < 0) {
      place = text.indexOf('%', place + 1);
    }
    return place;
  }

  /** Whether a placeholder of this kind is anywhere in the expression. */
  static boolean anyIn(Expr expr, Predicate<String> kind) {
    return switch (expr) {
      case Expr.Placeholder(String text) -> kind.test(text);
      case Expr.Literal(Value.Text(String text), _) -> anyIn(text, kind);
      default -> Expressions.parts(expr).stream().anyMatch(part -> anyIn(part, kind));
    };
  }

  private static boolean anyIn(String text, Predicate<String> kind) {
    int place = next(text, 0);
    while (place >= 0) {
      int end = endAt(text, place);
      if (kind.test(text.substring(place, end))) {
        return true;
      }
      place = next(text, end);
    }
    return false;
  }

  /** The key of the parameter that a placeholder asks for: empty for {@code %s}. */
  static String key(String placeholder) {
    return placeholder.length() == 2
        ? ""
        : Names.key(placeholder.substring(2, placeholder.length() - 2));
  }
}
