package org.spinor.cli.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
          if (check.valid()) {
            terminal.out().println(terminal.styled(Style.GREEN, "valid"));
          } else {
            terminal
                .out()
                .println(
                    terminal.styled(
                        Style.RED,
                        check.problems().size()
                            + (check.problems().size() == 1 ? " problem" : " problems")));
            check.problems().forEach(problem -> terminal.out().println("  " + problem));
          }
        });
    return check.valid() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
