package org.spinor.cli.machines;

import org.spinor.api.MachineInfo;
import org.spinor.cli.session.Context;
import org.spinor.client.Machines;
import picocli.CommandLine.Command;

/** {@code spinor machines undrain}. */
@Command(
    name = "undrain",
    description = "Let machines start pilots again.",
    footer = {"", "Example:", "  spinor machines undrain 17"})
final class MachineUndrainCommand extends MachineActionCommand {
  MachineUndrainCommand(Context context) {
    super(context);
  }

  @Override
  MachineInfo act(Machines machines, long id) {
    return machines.undrain(id);
  }
}
