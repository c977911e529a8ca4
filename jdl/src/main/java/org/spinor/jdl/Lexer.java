package org.spinor.jdl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.spinor.jdl.Token.Kind;

/**
 * Cuts a text into tokens, one at a time. What is not a token becomes one of the kind {@link
 * Kind#INVALID} that says why, so that the parser alone decides what is reported. Each character is
 * looked at a bounded number of times.
 */
final class Lexer {

  /** The symbols by their first character, the longest first. */
  private static final List<List<Kind>> SYMBOLS = symbols();

  private final String text;
  private int position;
  private int line = 1;
  private int lineStart;
  private boolean first = true;

  Lexer(String text) {
    this.text = text;
    if (text.startsWith("\uFEFF")) {
      position = 1;
    }
  }

  Token next() {
    skipBlanks();
    int start = position;
    if (start == text.length()) {
      return token(Kind.END, "", start);
    }
    char c = text.charAt(start);
    if (Names.isStart(c)) {
      return word(start);
    }
    if (Names.isDigit(c) || (c == '.' && Names.isDigit(charAt(start + 1)))) {
      return number(start);
    }
    if (c == '"') {
      return quoted(start, Kind.STRING);
    }
    if (c == '\'') {
      return quoted(start, Kind.QUOTED_NAME);
    }
    if (text.startsWith("/*", start)) {
      Token comment = invalid(start, start, "this comment has no end, expected '*/'");
      skipLinesTo(text.length());
      return comment;
    }
    return symbol(start, c);
  }

  /** The attribute name that begins with this just read token, dots included. */
  Token dottedName(Token start) {
    while (start.is(Kind.NAME) && charAt(position) == '.' && Names.isPart(charAt(position + 1))) {
      position++;
      skipNameParts();
    }
    return start.end() == position
        ? start
        : new Token(
            start.kind(),
            text.substring(start.start(), position),
            start.start(),
            position,
            start.line(),
            start.lineStart(),
            start.first());
  }

  /** The placeholder that begins with this just read {@code %}, if it is one. */
  Optional<String> placeholder(Token percent) {
    int end = Placeholders.endAt(text, percent.start());
    if (end < 0 || Names.isPart(charAt(end))) {
      return Optional.empty();
    }
    position = end;
    return Optional.of(text.substring(percent.start(), end));
  }

  /**
   * Whether this just read token begins an attribute on a line of its own, {@code name = ...}. Such
   * a line is where reading goes on after a problem.
   */
  boolean startsDefinition(Token token) {
    if (!token.first() || !(token.is(Kind.NAME) || token.is(Kind.QUOTED_NAME))) {
      return false;
    }
    int i = position;
    while (token.is(Kind.NAME) && (charAt(i) == '.' || Names.isPart(charAt(i)))) {
      i++;
    }
    while (charAt(i) == ' ' || charAt(i) == '\t') {
      i++;
    }
    return charAt(i) == '=' && "=?!".indexOf(charAt(i + 1)) < 0;
  }

  private void skipBlanks() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (Problems.isLineBreak(c)) {
        newLine(c);
      } else if (Character.isWhitespace(c) || c == '\u00A0') {
        position++;
      } else if (c == '#' || text.startsWith("//", position)) {
        skipLine();
      } else if (!text.startsWith("/*", position) || !skipComment()) {
        return;
      }
    }
  }

  private void newLine(char c) {
    position += c == '\r' && charAt(position + 1) == '\n' ? 2 : 1;
    line++;
    lineStart = position;
    first = true;
  }

  private void skipLine() {
    while (position < text.length() && !Problems.isLineBreak(text.charAt(position))) {
      position++;
    }
  }

  private boolean skipComment() {
    int end = text.indexOf("*/", position + 2);
    if (end < 0) {
      return false;
    }
    skipLinesTo(end + 2);
    return true;
  }

  private void skipLinesTo(int end) {
    while (position < end) {
      char c = text.charAt(position);
      if (Problems.isLineBreak(c)) {
        newLine(c);
      } else {
        position++;
      }
    }
  }

  private Token word(int start) {
    skipNameParts();
    String word = text.substring(start, position);
    return token(Kind.ofWord(word), word, start);
  }

  private void skipNameParts() {
    while (Names.isPart(charAt(position))) {
      position++;
    }
  }

  private Token number(int start) {
    position = NumberText.end(text, start);
    if (Names.isPart(charAt(position))) {
      skipNameParts();
      return invalid(start, position, "this is neither a number nor a name");
    }
    return token(Kind.NUMBER, text.substring(start, position), start);
  }

  /** A string or a quoted name, which must end on its line: else one lost quote spoils the rest. */
  private Token quoted(int start, Kind kind) {
    char quote = text.charAt(start);
    StringBuilder content = new StringBuilder();
    position = start + 1;
    int plain = position;
    while (position < text.length() && !Problems.isLineBreak(text.charAt(position))) {
      char c = text.charAt(position);
      if (c == quote) {
        content.append(text, plain, position);
        position++;
        return closed(start, kind, content.toString());
      }
      if (c == '\\' && position + 1 < text.length()) {
        content.append(text, plain, position);
        escape(content);
        plain = position;
      } else {
        position++;
      }
    }
    return invalid(
        start,
        position,
        "this %s has no closing %s on its line (a line break in it is written \\n)"
            .formatted(kind == Kind.STRING ? "string" : "name", quote));
  }

  private Token closed(int start, Kind kind, String content) {
    if (Names.firstNotStorable(content) >= 0) {
      return invalid(start, position, "this holds a character that is none (NUL or half a pair)");
    }
    if (kind == Kind.QUOTED_NAME && content.isEmpty()) {
      return invalid(start, position, "a name must not be empty");
    }
    return token(kind, content, start);
  }

  /** Reads what follows a backslash. An escape that means nothing keeps its backslash. */
  private void escape(StringBuilder content) {
    char c = text.charAt(position + 1);
    int octal = octalLength(position + 1);
    if (octal > 0) {
      content.append((char) Integer.parseInt(text, position + 1, position + 1 + octal, 8));
      position += 1 + octal;
      return;
    }
    switch (c) {
      case 'n' -> content.append('\n');
      case 't' -> content.append('\t');
      case 'r' -> content.append('\r');
      case 'b' -> content.append('\b');
      case 'f' -> content.append('\f');
      case '"', '\'', '\\' -> content.append(c);
      default -> {
        content.append('\\');
        position++;
        return;
      }
    }
    position += 2;
  }

  /** One to three octal digits, at most {@code 377}. */
  private int octalLength(int start) {
    int length = 0;
    int longest = charAt(start) <= '3' ? 3 : 2;
    while (length < longest && charAt(start + length) >= '0' && charAt(start + length) <= '7') {
      length++;
    }
    return length;
  }

  private Token symbol(int start, char c) {
    if (c < SYMBOLS.size()) {
      for (Kind kind : SYMBOLS.get(c)) {
        if (text.startsWith(kind.symbol(), start)) {
          position = start + kind.symbol().length();
          return token(kind, "", start);
        }
      }
    }
    position = text.offsetByCodePoints(start, 1);
    String message =
        "\u201C\u201D\u201E\u00AB\u00BB".indexOf(c) >= 0
            ? "strings stand in plain quotes (\"), not in typographic ones"
            : "the character %s has no meaning here".formatted(describe(text.codePointAt(start)));
    return invalid(start, position, message);
  }

  private static String describe(int codePoint) {
    String character = Character.toString(codePoint);
    boolean visible = Problems.printable(character).equals(character) && codePoint != '?';
    return visible ? "'" + character + "'" : "U+%04X".formatted(codePoint);
  }

  private Token invalid(int start, int end, String message) {
    position = end;
    return token(Kind.INVALID, message, start);
  }

  private Token token(Kind kind, String content, int start) {
    Token token = new Token(kind, content, start, position, line, lineStart, first);
    first = false;
    return token;
  }

  /** The character at an index, or NUL after the end. */
  private char charAt(int index) {
    return index < text.length() ? text.charAt(index) : 0;
  }

  private static List<List<Kind>> symbols() {
    List<List<Kind>> table = new ArrayList<>();
    for (char c = 0; c < 128; c++) {
      String prefix = String.valueOf(c);
      table.add(
          Arrays.stream(Kind.values())
              .filter(kind -> kind.isSymbol() && kind.symbol().startsWith(prefix))
              .sorted(Comparator.comparingInt((Kind kind) -> kind.symbol().length()).reversed())
              .toList());
    }
    return table;
  }
}
