package org.spinor.cli.machines;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.api.MachineInfo;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Machines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor machines undrain}. */
@Command(
    name = "undrain",
    description = "Let machines start pilots again.",
    footer = {"", "Example:", "  spinor machines undrain 17"})
final class MachineUndrainCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The machines' numbers.")
  private List<Long> ids = new ArrayList<>();

  @Mixin private ServerOption server = new ServerOption();

  MachineUndrainCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Machines machines = server.open(context).client().machines();
    for (long id : ids) {
      MachineInfo machine = machines.undrain(id);
      context
          .terminal()
          .out()
          .println("machine " + id + " (" + machine.name() + ") is " + machine.state());
    }
    return ExitCode.DONE;
  }
}
