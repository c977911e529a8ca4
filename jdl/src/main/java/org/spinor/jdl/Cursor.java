package org.spinor.jdl;

import java.util.Optional;
import org.spinor.jdl.Token.Kind;

/**
 * The parser's place in the text: the current token, what to say of it, where to go on after it.
 */
final class Cursor {

  private final Lexer lexer;
  private final Problems problems;
  private Token token;
  private Token previous;

  Cursor(String text) {
    lexer = new Lexer(text);
    problems = new Problems(text);
    token = lexer.next();
    previous = token;
  }

  Token token() {
    return token;
  }

  boolean is(Kind kind) {
    return token.is(kind);
  }

  void advance() {
    previous = token;
    token = lexer.next();
  }

  void expect(Kind kind, String why) {
    if (!token.is(kind)) {
      throw fail(kind.expected() + why);
    }
    advance();
  }

  /** The name of the attribute that begins here, dots included; it becomes the current token. */
  String dottedName() {
    token = lexer.dottedName(token);
    return token.text();
  }

  /** The placeholder that begins with the current token, if it does; it takes its place. */
  Optional<String> placeholder() {
    return lexer.placeholder(token);
  }

  /** Whether the token is a name where only a name can stand: reserved words are names there. */
  boolean isName() {
    return switch (token.kind()) {
      case NAME, QUOTED_NAME, TRUE, FALSE, UNDEFINED, ERROR -> true;
      case IDENTICAL, NOT_IDENTICAL -> !token.text().isEmpty();
      default -> false;
    };
  }

  /**
   * Skips to the end of the attribute, or before that to a comma or the closer of the list that is
   * being read. What stands in brackets that open on the way is skipped as a whole. An attribute
   * also ends where a line begins with {@code name =}: somebody forgot the semicolon or a bracket.
   */
  void skipTo(Kind closer) {
    int ads = 0;
    int others = 0;
    while (!token.is(Kind.END)) {
      boolean endOfAttribute =
          token.is(Kind.SEMICOLON) || token.is(Kind.CLOSE_BRACKET) || lexer.startsDefinition(token);
      boolean endOfItem =
          others == 0 && (token.is(closer) || (token.is(Kind.COMMA) && closer != Kind.SEMICOLON));
      if (ads == 0 && (endOfAttribute || endOfItem)) {
        return;
      }
      switch (token.kind()) {
        case OPEN_BRACKET -> ads++;
        case CLOSE_BRACKET -> ads--;
        case OPEN_BRACE, OPEN_PARENTHESIS -> others++;
        case CLOSE_BRACE, CLOSE_PARENTHESIS -> others = Math.max(0, others - 1);
        default -> {}
      }
      advance();
    }
  }

  /** Reports that something else is expected here; the caller throws the result. */
  SyntaxError fail(String expected) {
    report(expected);
    return new SyntaxError();
  }

  SyntaxError fail(String expected, String message) {
    problems.add(token.start(), token.line(), token.lineStart(), expected, message);
    return new SyntaxError();
  }

  void report(String expected) {
    String message = "expected %s, found %s".formatted(expected, token.found());
    if (token.is(Kind.INVALID)) {
      problems.add(token.start(), token.line(), token.lineStart(), expected, token.text());
    } else if (expected.startsWith("';'") && token.first() && previous.line() < token.line()) {
      // What lacks is at the end of the line before, not where the next attribute begins.
      problems.add(previous.end(), previous.line(), previous.lineStart(), expected, message);
    } else {
      String hint = token.is(Kind.ASSIGN) ? " (a comparison is written '==')" : "";
      problems.add(token.start(), token.line(), token.lineStart(), expected, message + hint);
    }
  }

  /** Reports only if nothing else is wrong so far. */
  void reportFirst(String expected) {
    if (isClean()) {
      report(expected);
    }
  }

  /** Whether nothing is wrong so far. */
  boolean isClean() {
    return problems.isEmpty();
  }

  /** Where the bracket that waits for its end stands, for a message. */
  String opened(Token open) {
    return open.line() == token.line()
        ? ""
        : " for the '%s' of line %d".formatted(open.kind().symbol(), open.line());
  }

  void throwIfAny() {
    problems.throwIfAny();
  }
}
