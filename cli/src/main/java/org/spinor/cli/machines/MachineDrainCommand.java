package org.spinor.cli.machines;

import org.spinor.api.MachineInfo;
import org.spinor.cli.session.Context;
import org.spinor.client.Machines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor machines drain}. */
@Command(
    name = "drain",
    description = "Let machines finish what they run, and start no pilot until they are undrained.",
    footer = {"", "Example:", "  spinor machines drain 17 --reason 'new kernel'"})
final class MachineDrainCommand extends MachineActionCommand {
  @Mixin private ReasonOption why = new ReasonOption();

  MachineDrainCommand(Context context) {
    super(context);
  }

  @Override
  MachineInfo act(Machines machines, long id) {
    return machines.drain(id, why.reason());
  }
}
