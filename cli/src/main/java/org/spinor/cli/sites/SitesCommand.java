package org.spinor.cli.sites;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor sites}. */
@Command(
    name = "sites",
    aliases = "site",
    description = "See sites with their queues, test, ban or allow them.")
public final class SitesCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("list", SiteListCommand.class),
        new Subcommand("test", SiteTestCommand.class),
        new Subcommand("ban", SiteBanCommand.class),
        new Subcommand("allow", SiteAllowCommand.class));
  }
}
