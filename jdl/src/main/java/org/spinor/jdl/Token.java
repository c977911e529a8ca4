package org.spinor.jdl;

import java.util.Locale;

/**
 * A word of the language and where it stands. No token spans lines.
 *
 * @param text of names and strings what they mean, of numbers what is written, of {@link
 *     Kind#INVALID} what is wrong
 * @param start index of the first character
 * @param end index after the last character
 * @param line from 1
 * @param lineStart index of the line's first character
 * @param first whether it is the first token of its line
 */
record Token(Kind kind, String text, int start, int end, int line, int lineStart, boolean first) {

  enum Kind {
    NAME("a name"),
    QUOTED_NAME("a name"),
    STRING("a string"),
    NUMBER("a number"),
    TRUE("'true'"),
    FALSE("'false'"),
    UNDEFINED("'undefined'"),
    ERROR("'error'"),
    INVALID(""),
    END("the end of the text"),
    OPEN_BRACKET("["),
    CLOSE_BRACKET("]"),
    OPEN_BRACE("{"),
    CLOSE_BRACE("}"),
    OPEN_PARENTHESIS("("),
    CLOSE_PARENTHESIS(")"),
    COMMA(","),
    SEMICOLON(";"),
    DOT("."),
    ASSIGN("="),
    QUESTION("?"),
    COLON(":"),
    NOT("!"),
    COMPLEMENT("~"),
    OR("||"),
    AND("&&"),
    DEFAULT("?:"),
    BIT_OR("|"),
    BIT_XOR("^"),
    BIT_AND("&"),
    EQUAL("=="),
    NOT_EQUAL("!="),
    IDENTICAL("=?="),
    NOT_IDENTICAL("=!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    SHIFT_LEFT("<<"),
    SHIFT_RIGHT(">>"),
    SHIFT_RIGHT_UNSIGNED(">>>"),
    PLUS("+"),
    MINUS("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    REMAINDER("%");

    private final String spelling;

    Kind(String spelling) {
      this.spelling = spelling;
    }

    /** How a symbol is written. */
    String symbol() {
      return spelling;
    }

    boolean isSymbol() {
      return compareTo(OPEN_BRACKET) >= 0;
    }

    /** The kind in an "expected ..." list. */
    String expected() {
      return isSymbol() ? "'" + spelling + "'" : spelling;
    }

    static Kind ofWord(String word) {
      if (word.length() > 9) {
        return NAME;
      }
      return switch (word.toLowerCase(Locale.ROOT)) {
        case "true" -> TRUE;
        case "false" -> FALSE;
        case "undefined" -> UNDEFINED;
        case "error" -> ERROR;
        case "is" -> IDENTICAL;
        case "isnt" -> NOT_IDENTICAL;
        default -> NAME;
      };
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** The token in a "found ..." message. */
  String found() {
    return switch (kind) {
      case NAME, QUOTED_NAME -> "the name '" + shortened() + "'";
      case STRING -> "the string \"" + shortened() + "\"";
      case NUMBER -> "the number " + shortened();
      default -> kind.expected();
    };
  }

  private String shortened() {
    int end = Math.min(text.length(), 40);
    return Problems.printable(text.substring(0, end)) + (end < text.length() ? " ..." : "");
  }
}
