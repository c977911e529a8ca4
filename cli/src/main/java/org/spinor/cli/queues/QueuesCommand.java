package org.spinor.cli.queues;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor queues}. */
@Command(
    name = "queues",
    aliases = "queue",
    description = "See why pilots are sent to queues, or are not.")
public final class QueuesCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("list", QueueListCommand.class),
        new Subcommand("show", QueueShowCommand.class));
  }
}
