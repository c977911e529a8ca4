package org.spinor.server.provisioning.elements;

import java.util.List;
import org.spinor.spi.computing.PilotOutput;

/** What a computing element kept of a pilot's output, for people. */
public final class OutputText {
  /** As much of each part is asked for. */
  static final int MOST = 64 * 1024;

  private OutputText() {}

  /** All parts that have something, each below its title. */
  public static String of(PilotOutput output) {
    StringBuilder text = new StringBuilder();
    part(text, "standard output", output.standardOutput());
    part(text, "standard error", output.standardError());
    part(text, "batch system", output.log());
    return text.toString();
  }

  private static void part(StringBuilder text, String title, String part) {
    if (!part.isBlank()) {
      text.append("--- ").append(title).append(", kept by the computing element ---\n");
      text.append(part.replace("\0", ""));
      if (!part.endsWith("\n")) {
        text.append('\n');
      }
    }
  }

  /** The line that most likely says why it ended; empty: there is none. */
  public static String lastLine(PilotOutput output) {
    for (String part : List.of(output.standardError(), output.standardOutput(), output.log())) {
      List<String> lines = part.lines().filter(line -> !line.isBlank()).toList();
      if (!lines.isEmpty()) {
        return lines.getLast().strip();
      }
    }
    return "";
  }
}
