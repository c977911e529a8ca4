package org.spinor.cli.demo;

import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;

/**
 * Tells what the demo found: on the standard output, unless that is for JSON alone.
 *
 * @param json whether the standard output is for JSON
 */
record Narrator(Terminal terminal, boolean json) {
  void say(String line) {
    if (json) {
      terminal.err().println(line);
    } else {
      terminal.out().println(line);
      terminal.out().flush();
    }
  }

  String styled(Style style, String text) {
    return json ? terminal.styledErr(style, text) : terminal.styled(style, text);
  }

  /** A title with a line of air above it. */
  void heading(String text) {
    say("");
    say(styled(Style.BOLD, text));
  }

  /** Words of somebody else, moved in a little. */
  void quote(String text) {
    text.strip().lines().forEach(line -> say("  " + Terminal.harmless(line)));
  }
}
