package org.spinor.cli.jobs;

import java.util.List;
import java.util.Locale;
import org.spinor.api.Explanation;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Terminal;

/** Why a job waits, as a person reads it. */
public final class ExplanationText {
  private ExplanationText() {}

  public static void print(Terminal terminal, Explanation explanation) {
    terminal
        .out()
        .println(
            terminal.styled(Style.BOLD, "Job " + explanation.jobId())
                + " is "
                + terminal.styled(Style.ofStatus(explanation.status()), explanation.status())
                + ": "
                + explanation.verdict().replace('_', ' '));
    paragraph(terminal, explanation.summary());
    list(terminal, "It asks for", explanation.requirements());
    list(terminal, "What could run it", explanation.couldRun());
    if (!explanation.clauses().isEmpty()) {
      heading(terminal, "What refuses it");
      Table table = new Table("Condition", "Queues refusing", "Pilots refusing", "Why");
      for (Explanation.Clause clause : explanation.clauses()) {
        table.row(
            clause.name(),
            clause.queuesRefused() + " of " + clause.queuesTotal(),
            clause.pilotsRefused() + " of " + clause.pilotsTotal(),
            clause.text());
      }
      table.lines(terminal).forEach(line -> terminal.out().println("  " + line));
    }
    if (explanation.jobsAhead() > 0) {
      terminal
          .out()
          .println(
              String.format(
                  Locale.ROOT, "%n%,d jobs of the same kind go first.", explanation.jobsAhead()));
    }
    if (!explanation.shareText().isBlank()) {
      terminal.out().println();
      paragraph(terminal, explanation.shareText());
    }
  }

  private static void heading(Terminal terminal, String text) {
    terminal.out().println();
    terminal.out().println(terminal.styled(Style.BOLD, text));
  }

  private static void list(Terminal terminal, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      heading(terminal, title);
      lines.forEach(line -> terminal.out().println("  - " + Terminal.harmless(line)));
    }
  }

  private static void paragraph(Terminal terminal, String text) {
    StringBuilder line = new StringBuilder();
    for (String word : Terminal.harmless(text).strip().split("\\s+")) {
      if (line.length() + word.length() + 1 > terminal.width()) {
        terminal.out().println(line);
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    terminal.out().println(line);
  }
}
