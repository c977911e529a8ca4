package org.spinor.cli.pilots;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor pilots}. */
@Command(
    name = "pilots",
    aliases = "pilot",
    description = "See pilots and what they say, drain or end them; let machines run pilots.")
public final class PilotsCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("list", PilotListCommand.class),
        new Subcommand("show", PilotShowCommand.class),
        new Subcommand("log", PilotLogCommand.class),
        new Subcommand("drain", PilotDrainCommand.class),
        new Subcommand("kill", PilotKillCommand.class),
        new Subcommand("run", PilotRunCommand.class),
        new Subcommand("requests", PilotRequestsCommand.class),
        new Subcommand("approve", PilotApproveCommand.class),
        new Subcommand("refuse", PilotRefuseCommand.class),
        new Subcommand("secret", PilotSecretCommand.class));
  }
}
