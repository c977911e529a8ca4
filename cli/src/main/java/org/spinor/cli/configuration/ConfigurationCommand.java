package org.spinor.cli.configuration;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor config}. */
@Command(
    name = "config",
    description = {
      "See and change the server's configuration.",
      "",
      "Every change is a version with author and reason, checked as a whole before it counts.",
      "Where the configuration is one file (--config FILE) no versions are kept: history, diff,",
      "rollback and show --at need the data folder's own configuration or a git repository."
    })
public final class ConfigurationCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("show", ConfigurationShowCommand.class),
        new Subcommand("check", ConfigurationCheckCommand.class),
        new Subcommand("history", ConfigurationHistoryCommand.class),
        new Subcommand("diff", ConfigurationDiffCommand.class),
        new Subcommand("set", ConfigurationSetCommand.class),
        new Subcommand("unset", ConfigurationUnsetCommand.class),
        new Subcommand("edit", ConfigurationEditCommand.class),
        new Subcommand("rollback", ConfigurationRollbackCommand.class),
        new Subcommand("import", ConfigurationImportCommand.class));
  }
}
