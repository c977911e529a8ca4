package org.spinor.cli.configuration;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor config}. */
@Command(name = "config", description = "See the server's configuration, check a file.")
public final class ConfigurationCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("show", ConfigurationShowCommand.class),
        new Subcommand("check", ConfigurationCheckCommand.class));
  }
}
