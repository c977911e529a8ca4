package org.spinor.cli.machines;

import org.spinor.api.MachineInfo;
import org.spinor.cli.session.Context;
import org.spinor.client.Machines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor machines remove}. */
@Command(
    name = "remove",
    description = "Take machines out: their pilots drain, and they must ask to join anew.",
    footer = {"", "Example:", "  spinor machines remove 17 --reason 'sold'"})
final class MachineRemoveCommand extends MachineActionCommand {
  @Mixin private ReasonOption why = new ReasonOption();

  MachineRemoveCommand(Context context) {
    super(context);
  }

  @Override
  MachineInfo act(Machines machines, long id) {
    return machines.remove(id, why.reason());
  }
}
