package org.spinor.cli.console;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A few lines on the error stream that are redrawn in their place while something long goes on; on
 * anything but a terminal, one line now and then.
 */
public final class LiveView implements AutoCloseable {
  private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final Clock clock;
  private int drawn;
  private String lastPlain = "";
  private Instant lastTime = Instant.EPOCH;

  public LiveView(Terminal terminal, Clock clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  /**
   * Shows the present state.
   *
   * @param lines for a terminal; each is cut to its width, so it must hold no escape codes beyond
   * @param plain the same in one line
   */
  public synchronized void show(List<String> lines, String plain) {
    PrintStream err = terminal.err();
    if (terminal.errIsTerminal()) {
      StringBuilder frame = new StringBuilder(erase());
      for (String line : lines) {
        frame.append(line).append("\u001b[K\n");
      }
      drawn = lines.size();
      err.print(frame);
      err.flush();
      return;
    }
    Instant now = clock.instant();
    if (!plain.equals(lastPlain)
        && Duration.between(lastTime, now).compareTo(PLAIN_INTERVAL) >= 0) {
      err.println(plain);
      lastPlain = plain;
      lastTime = now;
    }
  }

  /** One line with how much of something is done. */
  public void progress(String what, long done, long total) {
    int width = 24;
    int full = total == 0 ? width : (int) (width * done / total);
    String bar = "#".repeat(full) + ".".repeat(width - full);
    String text = what + " " + done + " of " + total;
    show(List.of(what + " [" + bar + "] " + done + "/" + total), text);
  }

  /** Leaves what is shown where it is; the next view begins below. */
  public synchronized void keep() {
    drawn = 0;
  }

  /** Takes away what is shown. */
  @Override
  public synchronized void close() {
    if (drawn > 0) {
      terminal.err().print(erase() + "\u001b[J");
      terminal.err().flush();
      drawn = 0;
    }
  }

  private String erase() {
    return drawn == 0 ? "" : "\u001b[" + drawn + "A\r";
  }
}
