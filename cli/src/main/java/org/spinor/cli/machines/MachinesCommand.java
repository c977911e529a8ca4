package org.spinor.cli.machines;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor machines}. */
@Command(
    name = "machines",
    aliases = "machine",
    description = "See machines that run pilots by themselves, drain them, take them out.")
public final class MachinesCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("list", MachineListCommand.class),
        new Subcommand("drain", MachineDrainCommand.class),
        new Subcommand("undrain", MachineUndrainCommand.class),
        new Subcommand("remove", MachineRemoveCommand.class));
  }
}
