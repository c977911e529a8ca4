package org.spinor.cli.pilots;

import java.util.concurrent.Callable;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Yaml;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code spinor pilots show}. */
@Command(
    name = "show",
    description = "Show a pilot, its node and what it runs.",
    footer = {"", "Example:", "  spinor pilots show 4f2a9c"})
final class PilotShowCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "STAMP", description = "The pilot's stamp, as 'pilots list' shows it.")
  private String stamp = "";

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  PilotShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode pilot = server.open(context).client().pilots().show(stamp);
    Terminal terminal = context.terminal();
    output.print(terminal, pilot, () -> terminal.out().print(Terminal.harmless(Yaml.write(pilot))));
    return ExitCode.DONE;
  }
}
