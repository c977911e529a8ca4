package org.spinor.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The three streams and what they can show. Data goes to {@link #out}, everything said beside it to
 * {@link #err}. Which of them are terminals is what the launcher found: asking costs Java more than
 * it costs a shell.
 */
public final class Terminal {
  private static final int DEFAULT_WIDTH = 100;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final List<String> terminals;
  private final boolean colour;
  private final boolean unicode;
  private final int width;

  /**
   * @param environment SPINOR_TERMINALS (of {@code in,out,err}), COLUMNS, NO_COLOR, TERM, and what
   *     tells the character set
   */
  public Terminal(
      InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminals = List.of(environment.getOrDefault("SPINOR_TERMINALS", "").split(","));
    this.colour =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    String locale =
        firstSet(environment.get("LC_ALL"), environment.get("LC_CTYPE"), environment.get("LANG"));
    this.unicode = locale.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8");
    this.width = number(environment.get("COLUMNS"));
  }

  /** The streams of this process, in UTF-8 whatever the locale says: so data is never damaged. */
  public static Terminal system() {
    return new Terminal(
        System.in,
        utf8(new FileOutputStream(FileDescriptor.out)),
        utf8(new FileOutputStream(FileDescriptor.err)),
        System.getenv());
  }

  private static PrintStream utf8(FileOutputStream stream) {
    return new PrintStream(
        new java.io.BufferedOutputStream(stream, 8192), true, StandardCharsets.UTF_8);
  }

  private static String firstSet(@Nullable String... values) {
    for (String value : values) {
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  private static int number(@Nullable String text) {
    try {
      int number = text == null ? 0 : Integer.parseInt(text.strip());
      return number >= 20 ? number : DEFAULT_WIDTH;
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }

  public InputStream in() {
    return in;
  }

  public PrintStream out() {
    return out;
  }

  public PrintStream err() {
    return err;
  }

  /** Whether a person can be asked: questions go to the error stream. */
  public boolean isInteractive() {
    return terminals.contains("in") && terminals.contains("err");
  }

  public boolean outIsTerminal() {
    return terminals.contains("out");
  }

  public boolean errIsTerminal() {
    return terminals.contains("err");
  }

  /** Columns of the terminal, or a sensible width where there is none. */
  public int width() {
    return width;
  }

  /** Whether letters beyond ASCII can be shown. */
  public boolean isUnicode() {
    return unicode;
  }

  /** The text as it is to go to the output stream. */
  public String styled(Style style, String text) {
    return colour && outIsTerminal() ? style.apply(text) : text;
  }

  /** The text as it is to go to the error stream. */
  public String styledErr(Style style, String text) {
    return colour && errIsTerminal() ? style.apply(text) : text;
  }

  /** Says something beside the data. */
  public void say(String line) {
    err.println(line);
  }

  /**
   * Text from elsewhere, without the control characters with which a job's name or a log line could
   * take over the terminal.
   */
  public static String harmless(String text) {
    StringBuilder harmless = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' ? '?' : c)
        .forEach(harmless::appendCodePoint);
    return harmless.toString();
  }
}
