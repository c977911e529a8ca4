package org.spinor.cli.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Asks before something that cannot be undone is done to what a query finds. */
public final class Confirmation {
  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before changing what a query finds.")
  private boolean yes;

  /**
   * @param what {@code kill 12 jobs}
   * @throws Failure the user does not want it, or cannot be asked
   */
  public void require(Context context, String what) {
    if (yes) {
      return;
    }
    if (!context.terminal().isInteractive()) {
      throw Failure.usage("this would " + what, "say --yes if that is what you want");
    }
    context.terminal().err().print(what.substring(0, 1).toUpperCase(Locale.ROOT));
    context.terminal().err().print(what.substring(1) + "? [y/N] ");
    context.terminal().err().flush();
    if (!readLine(context).strip().toLowerCase(Locale.ROOT).startsWith("y")) {
      throw new Failure(ExitCode.FAILED, "nothing was changed");
    }
  }

  /** One line of the standard input; empty at its end. */
  public static String readLine(Context context) {
    StringBuilder line = new StringBuilder();
    try {
      java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
      for (int b = context.terminal().in().read();
          b >= 0 && b != '\n';
          b = context.terminal().in().read()) {
        bytes.write(b);
      }
      line.append(bytes.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the answer", e);
    }
    return line.toString();
  }
}
