package org.spinor.cli.server;

import java.util.List;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

/** {@code spinor server}; the launcher starts a server itself where no subcommand is given. */
@Command(
    name = "server",
    description = "Run a server, or ask a running one how it is.",
    synopsisHeading = "Usage: ",
    customSynopsis = {
      "spinor server --data DIR [--port 8000] [--config FILE] [--db-url URL] [--issuer URL]",
      "       spinor server (status | wait) [...]"
    },
    footer = {
      "",
      "Running a server:",
      "  --data DIR      where it keeps everything; made at the first start",
      "  --port PORT     where it listens (default: 8000)",
      "  --config FILE   the configuration (YAML); default: one in DIR, made at the first start",
      "  --db-url URL    an external PostgreSQL (default: one of its own in DIR)",
      "  --issuer URL    its public address, as it stands in tokens",
      "It prints one line when it serves; Ctrl-C or SIGTERM ends it, running jobs go on.",
      "",
      "Examples:",
      "  spinor server --data ~/spinor",
      "  spinor server status --url https://spinor.example.org"
    })
public final class ServerCommand {
  /** What it groups, in the order of the help. */
  public static List<Subcommand> subcommands() {
    return List.of(
        new Subcommand("status", ServerStatusCommand.class),
        new Subcommand("wait", ServerWaitCommand.class));
  }
}
