package org.spinor.cli.nodes;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor nodes}. */
@Command(
    name = "nodes",
    aliases = "node",
    description = "See worker nodes that swallow jobs, give them work again.")
public final class NodesCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("list", NodeListCommand.class),
        new Subcommand("release", NodeReleaseCommand.class));
  }
}
