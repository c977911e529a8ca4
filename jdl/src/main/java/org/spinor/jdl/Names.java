package org.spinor.jdl;

import java.util.Locale;
import java.util.Set;

/** The rules for names and texts, shared by lexer, printer and the constructors of expressions. */
final class Names {

  private static final Set<String> RESERVED =
      Set.of("true", "false", "undefined", "error", "is", "isnt");

  private Names() {}

  static boolean isStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isPart(char c) {
    return isStart(c) || isDigit(c);
  }

  /** Letters of either case name the same attribute: this is the form that is compared. */
  static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  static boolean isReserved(String name) {
    return RESERVED.contains(key(name));
  }

  /** Whether a reference can write the name without quotes. */
  static boolean isPlain(String name) {
    return name.indexOf('.') < 0 && isPlainAttribute(name);
  }

  /** Whether a definition can write the name without quotes: dots are allowed there. */
  static boolean isPlainAttribute(String name) {
    if (name.isEmpty() || !isStart(name.charAt(0)) || name.endsWith(".") || isReserved(name)) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean dot = c == '.' && name.charAt(i - 1) != '.';
      if (!isPart(c) && !dot) {
        return false;
      }
    }
    return true;
  }

  static String requireName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a name must not be empty");
    }
    return requireStorable(name);
  }

  static String requireStorable(String text) {
    int bad = firstNotStorable(text);
    if (bad >= 0) {
      throw new IllegalArgumentException(
          "a text must not hold the character NUL or half of a surrogate pair (at index %d)"
              .formatted(bad));
    }
    return text;
  }

  /** The index of the first NUL or unpaired surrogate, or -1. */
  static int firstNotStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
