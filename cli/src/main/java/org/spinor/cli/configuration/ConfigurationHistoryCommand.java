package org.spinor.cli.configuration;

import java.util.concurrent.Callable;
import org.spinor.api.ConfigurationVersion;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor config history}. */
@Command(
    name = "history",
    description = {
      "List the versions of the configuration, newest first.",
      "A version with problems was made outside of Spinor; it never took effect."
    },
    footer = {
      "",
      "Examples:",
      "  spinor config history",
      "  spinor config history --limit 5 --output json",
      "  spinor config show --at 3f0c9ab1",
      "  spinor config diff 3f0c9ab1"
    })
final class ConfigurationHistoryCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description = "Show at most so many, up to 100 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--page",
      paramLabel = "N",
      defaultValue = "1",
      description = "Show the N-th so many (default: ${DEFAULT-VALUE}).")
  private int page;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationHistoryCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ConfigurationVersion.Page found =
        server
            .open(context)
            .client()
            .configuration()
            .history(Math.max(1, page), Math.clamp(limit, 1, 100));
    Terminal terminal = context.terminal();
    output.print(terminal, found.versions(), () -> print(terminal, found));
    return ExitCode.DONE;
  }

  private void print(Terminal terminal, ConfigurationVersion.Page found) {
    Table table = new Table("Revision", "Time", "Author", "State", "Reason");
    for (ConfigurationVersion version : found.versions()) {
      table.row(
          ConfigurationText.shortened(version.revision()),
          Times.shown(version.time().toString(), context.zone()),
          version.author(),
          state(version),
          version.reason().lines().findFirst().orElse(""));
    }
    table.print(terminal);
    for (ConfigurationVersion version : found.versions()) {
      if (!version.problems().isEmpty()) {
        terminal.say(
            "%s never took effect:".formatted(ConfigurationText.shortened(version.revision())));
        version.problems().forEach(problem -> terminal.say("  " + Terminal.harmless(problem)));
      }
    }
    if (found.total() > found.versions().size()) {
      terminal.say(
          "%d of %d versions; --limit and --page show others"
              .formatted(found.versions().size(), found.total()));
    }
  }

  private static String state(ConfigurationVersion version) {
    if (version.inForce()) {
      return "in force";
    }
    return version.problems().isEmpty() ? "" : ConfigurationText.problems(version.problems());
  }
}
