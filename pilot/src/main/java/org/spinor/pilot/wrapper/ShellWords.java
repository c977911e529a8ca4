package org.spinor.pilot.wrapper;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a job's arguments as a POSIX shell would: blanks, quotes, backslashes; no variables, no
 * patterns, no commands.
 */
final class ShellWords {
  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private ShellWords(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException a quote that is not closed, or a backslash at the end
   */
  static List<String> split(String text) {
    return new ShellWords(text).split();
  }

  private List<String> split() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> endWord();
        case '\'' -> singleQuoted();
        case '"' -> doubleQuoted();
        case '\\' -> take(escaped());
        default -> take(c);
      }
    }
    endWord();
    return List.copyOf(words);
  }

  private void take(char c) {
    word.append(c);
    inWord = true;
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  private void singleQuoted() {
    int close = text.indexOf('\'', at);
    if (close < 0) {
      throw unclosed('\'');
    }
    word.append(text, at, close);
    inWord = true;
    at = close + 1;
  }

  private void doubleQuoted() {
    int open = at;
    inWord = true;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return;
      }
      boolean escape = c == '\\' && at < text.length() && "\"\\$`".indexOf(text.charAt(at)) >= 0;
      word.append(escape ? text.charAt(at++) : c);
    }
    at = open;
    throw unclosed('"');
  }

  private char escaped() {
    if (at == text.length()) {
      throw new IllegalArgumentException("a backslash stands at the end of the arguments");
    }
    return text.charAt(at++);
  }

  private IllegalArgumentException unclosed(char quote) {
    return new IllegalArgumentException(
        "the quote " + quote + " at character " + at + " of the arguments is not closed");
  }
}
