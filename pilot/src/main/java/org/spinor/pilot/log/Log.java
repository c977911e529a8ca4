package org.spinor.pilot.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Writes lines of the form {@code 2026-11-21T04:50:00Z INFO [pilot] text}. Thread-safe. Secrets and
 * tokens are never passed to it.
 */
public final class Log {
  /** Where a finished line, with its newline, goes. */
  @FunctionalInterface
  public interface Sink {
    void line(String line);
  }

  private final String name;
  private final InstantSource clock;
  private final Sink sink;

  public Log(String name, InstantSource clock, Sink sink) {
    this.name = name;
    this.clock = clock;
    this.sink = sink;
  }

  /** A log under another name that ends in the same place. */
  public Log named(String other) {
    return new Log(other, clock, sink);
  }

  public void info(String text) {
    write("INFO", text);
  }

  public void warn(String text) {
    write("WARN", text);
  }

  public void error(String text) {
    write("ERROR", text);
  }

  /** A fault of the pilot itself, with its stack. */
  public void error(String text, Throwable fault) {
    StringWriter stack = new StringWriter();
    fault.printStackTrace(new PrintWriter(stack));
    write("ERROR", text + "\n" + stack.toString().stripTrailing());
  }

  private void write(String level, String text) {
    sink.line(
        String.format(
            Locale.ROOT,
            "%s %-5s [%s] %s%n",
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            level,
            name,
            text));
  }
}
