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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor machines drain}. */
@Command(
    name = "drain",
    description = "Let machines finish what they run, and start no pilot until they are undrained.",
    footer = {"", "Example:", "  spinor machines drain 17 --reason 'new kernel'"})
final class MachineDrainCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The machines' numbers.")
  private List<Long> ids = new ArrayList<>();

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      description = "Why; shown to everybody who asks, and on the machine.")
  private String reason = "";

  @Mixin private ServerOption server = new ServerOption();

  MachineDrainCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Machines machines = server.open(context).client().machines();
    for (long id : ids) {
      MachineInfo machine = machines.drain(id, reason);
      context
          .terminal()
          .out()
          .println("machine " + id + " (" + machine.name() + ") is " + machine.state());
    }
    return ExitCode.DONE;
  }
}
