package org.spinor.cli.pilots;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineInfo;
import org.spinor.api.MachineRefusal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor pilots refuse}. */
@Command(
    name = "refuse",
    description = "Do not let the machine run pilots that shows this code.",
    footer = {"", "Example:", "  spinor pilots refuse BCDF-GHJK --reason 'not one of ours'"})
final class PilotRefuseCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "CODE", description = "As 'pilots requests' shows it.")
  private String code = "";

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      description = "Why; shown on the machine.")
  private @Nullable String reason;

  @Mixin private ServerOption server = new ServerOption();

  PilotRefuseCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    MachineInfo machine =
        server.open(context).client().machines().refuse(new MachineRefusal(code, reason));
    context.terminal().out().println("machine " + machine.name() + " is refused");
    return ExitCode.DONE;
  }
}
