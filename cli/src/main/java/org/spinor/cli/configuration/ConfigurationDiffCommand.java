package org.spinor.cli.configuration;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationChange;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor config diff}. */
@Command(
    name = "diff",
    description = "Show how two versions of the configuration differ.",
    footer = {
      "",
      "Examples:",
      "  spinor config diff                      # the last change",
      "  spinor config diff 3f0c9ab1             # from this version to the newest",
      "  spinor config diff 3f0c9ab1 77aa01cd",
      "  spinor config diff 3f0c9ab1 --text      # the lines; for CSAdministrator"
    })
final class ConfigurationDiffCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      arity = "0..1",
      description = "A version (default: the one before TO).")
  private @Nullable String from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      arity = "0..1",
      description = "A version (default: the newest).")
  private @Nullable String to;

  @Option(names = "--text", description = "The lines that differ, as diff -u shows them.")
  private boolean text;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationDiffCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Configuration configuration = server.open(context).client().configuration();
    Terminal terminal = context.terminal();
    if (text) {
      configuration.unifiedDiff(from, to).lines().forEach(line -> printLine(terminal, line));
      terminal.out().flush();
      return ExitCode.DONE;
    }
    ConfigurationChange.Diff diff = configuration.diff(from, to);
    output.print(
        terminal,
        diff,
        () -> {
          if (diff.changes().isEmpty()) {
            terminal.say(
                "no value differs between %s and %s"
                    .formatted(
                        ConfigurationText.shortened(diff.from()),
                        ConfigurationText.shortened(diff.to())));
          }
          ConfigurationText.print(terminal, diff.changes());
        });
    return ExitCode.DONE;
  }

  private static void printLine(Terminal terminal, String line) {
    Style style =
        line.startsWith("+")
            ? Style.GREEN
            : line.startsWith("-") ? Style.RED : line.startsWith("@") ? Style.CYAN : Style.PLAIN;
    terminal.out().println(terminal.styled(style, Terminal.harmless(line)));
  }
}
