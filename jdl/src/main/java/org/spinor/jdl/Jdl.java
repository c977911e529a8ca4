package org.spinor.jdl;

import java.util.List;

/**
 * The entry to the language: text in, {@link Ad} out.
 *
 * <p>Parsing takes time and memory linear in the text, whatever the text is. All problems of a text
 * are reported at once.
 */
public final class Jdl {

  /** The largest text that {@link #parse(String)} takes, in characters: 16 Mi. */
  public static final int DEFAULT_MAX_CHARACTERS = 16 * 1024 * 1024;

  /** How deep brackets, operators and nested ads can stand in each other. */
  public static final int MAX_DEPTH = 200;

  /** After so many problems the rest of a text is not read. */
  public static final int MAX_PROBLEMS = 100;

  private Jdl() {}

  /**
   * Reads one job description, with or without the outer brackets. A text without any attribute is
   * the empty ad.
   *
   * @throws JdlException with all problems of the text
   */
  public static Ad parse(String text) {
    return parse(text, DEFAULT_MAX_CHARACTERS);
  }

  /**
   * As {@link #parse(String)} with another limit for the size.
   *
   * @param maxCharacters a longer text is refused unread
   */
  public static Ad parse(String text, int maxCharacters) {
    if (text.length() > maxCharacters) {
      String message =
          "the text has %d characters, at most %d are allowed"
              .formatted(text.length(), maxCharacters);
      throw new JdlException(List.of(new JdlProblem(1, 1, "", 0, "", message)), false);
    }
    return new Parser(text).parse();
  }
}
