package org.spinor.cli.machines;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.api.MachineInfo;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Machines;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Something that is done to machines, one after the other. */
abstract class MachineActionCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The machines' numbers.")
  private List<Long> ids = new ArrayList<>();

  @Mixin private ServerOption server = new ServerOption();

  MachineActionCommand(Context context) {
    this.context = context;
  }

  /** Does it to one. */
  abstract MachineInfo act(Machines machines, long id);

  @Override
  public final Integer call() {
    Machines machines = server.open(context).client().machines();
    for (long id : ids) {
      MachineInfo machine = act(machines, id);
      context
          .terminal()
          .out()
          .println("machine " + id + " (" + machine.name() + ") is " + machine.state());
    }
    return ExitCode.DONE;
  }
}
