package org.spinor.cli.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor config check}. */
@Command(
    name = "check",
    description = "Have the server check a configuration file; nothing is changed.",
    footer = {
      "",
      "Parameters of computing elements are checked by the plug-ins of the server.",
      "",
      "Exit codes: 0 valid, 1 it has problems (all are shown).",
      "",
      "Examples:",
      "  spinor config check site.yml",
      "  spinor config check - < site.yml"
    })
final class ConfigurationCheckCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "FILE", description = "The file in YAML; - is the standard input.")
  private String file = "";

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationCheckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Terminal terminal = context.terminal();
    String text =
        file.equals("-")
            ? new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8)
            : Files.readString(context.file(file));
    Configuration.Check check = server.open(context).client().configuration().check(text);
    output.print(
        terminal,
        check,
        () -> {
          if (!check.problems().isEmpty()) {
            print(terminal, Style.RED, check.problems(), "");
          } else if (check.warnings().isEmpty()) {
            terminal.out().println(terminal.styled(Style.GREEN, "valid"));
          } else {
            String note = " with queues that would get no pilots";
            print(terminal, Style.YELLOW, check.warnings(), note);
          }
        });
    return check.valid() && check.warnings().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static void print(Terminal terminal, Style style, List<String> lines, String note) {
    String count = lines.size() + (lines.size() == 1 ? " problem" : " problems");
    terminal.out().println(terminal.styled(style, count + note));
    lines.forEach(line -> terminal.out().println("  " + Terminal.harmless(line)));
  }
}
