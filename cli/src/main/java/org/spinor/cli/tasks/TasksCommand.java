package org.spinor.cli.tasks;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor tasks}. */
@Command(
    name = "tasks",
    aliases = "task",
    description = "See the server's background tasks, retry or drop dead ones.")
public final class TasksCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("list", TaskListCommand.class),
        new Subcommand("retry", TaskRetryCommand.class),
        new Subcommand("delete", TaskDeleteCommand.class));
  }
}
