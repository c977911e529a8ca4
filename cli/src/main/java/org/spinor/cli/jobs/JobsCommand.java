package org.spinor.cli.jobs;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor jobs}. */
@Command(
    name = "jobs",
    aliases = "job",
    description = "Submit jobs, see how they do, fetch what they made.")
public final class JobsCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("submit", SubmitCommand.class),
        new Subcommand("list", ListCommand.class),
        new Subcommand("summary", SummaryCommand.class),
        new Subcommand("show", ShowCommand.class),
        new Subcommand("wait", WaitCommand.class),
        new Subcommand("output", OutputCommand.class),
        new Subcommand("peek", PeekCommand.class),
        new Subcommand("log", LogCommand.class),
        new Subcommand("explain", ExplainCommand.class),
        new Subcommand("kill", KillCommand.class),
        new Subcommand("reschedule", RescheduleCommand.class),
        new Subcommand("delete", DeleteCommand.class));
  }
}
