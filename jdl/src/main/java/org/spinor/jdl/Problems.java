package org.spinor.jdl;

import java.util.ArrayList;
import java.util.List;

/** Collects the problems of one text. */
final class Problems {

  /** How much of a long line is shown before and after the place. */
  private static final int WINDOW = 60;

  private final String text;
  private final List<JdlProblem> found = new ArrayList<>();
  private int lastPlace = -1;

  Problems(String text) {
    this.text = text;
  }

  /**
   * Adds a problem, unless there is one at this place already: that one is the cause.
   *
   * @throws JdlException when there are too many
   */
  void add(int place, int line, int lineStart, String expected, String message) {
    if (place == lastPlace) {
      return;
    }
    lastPlace = place;
    if (found.size() == Jdl.MAX_PROBLEMS) {
      throw new JdlException(found, true);
    }
    int column = text.codePointCount(lineStart, place) + 1;
    int from = Math.max(lineStart, place - WINDOW);
    int to = place;
    while (to < text.length() && to < place + WINDOW && !isLineBreak(text.charAt(to))) {
      to++;
    }
    String before = from > lineStart ? "..." : "";
    String after = to < text.length() && !isLineBreak(text.charAt(to)) ? "..." : "";
    String shown = before + printable(text.substring(from, to)) + after;
    int caret = before.length() + printable(text.substring(from, place)).length();
    found.add(new JdlProblem(line, column, shown, caret, expected, message));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new JdlException(found, false);
    }
  }

  static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r';
  }

  /** The text without what would confuse a terminal: hostile texts hold escape sequences. */
  static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean odd =
          Character.isISOControl(c)
              || Character.isSurrogate(c)
              || Character.getType(c) == Character.FORMAT;
      clean.append(c == '\t' ? ' ' : odd ? '?' : c);
    }
    return clean.toString();
  }
}
