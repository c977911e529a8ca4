package org.spinor.cli;

import java.util.List;
import org.spinor.cli.account.LoginCommand;
import org.spinor.cli.account.LogoutCommand;
import org.spinor.cli.account.WhoamiCommand;
import org.spinor.cli.configuration.ConfigurationCommand;
import org.spinor.cli.demo.DemoCommand;
import org.spinor.cli.edge.EdgeCommand;
import org.spinor.cli.jobs.JobsCommand;
import org.spinor.cli.machines.MachinesCommand;
import org.spinor.cli.nodes.NodesCommand;
import org.spinor.cli.pilots.PilotsCommand;
import org.spinor.cli.queues.QueuesCommand;
import org.spinor.cli.server.ServerCommand;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.Subcommand;
import org.spinor.cli.sites.SitesCommand;
import org.spinor.cli.startup.TrainingCommand;
import org.spinor.cli.tasks.TasksCommand;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The tree of commands, made only as far as a command line needs it: the one command that is
 * called, else what a help or a suggestion must name.
 */
final class CommandTree {
  private static final String COMPLETION = "completion";

  private final CommandFactory factory;

  CommandTree(Context context) {
    this.factory = new CommandFactory(context);
  }

  /** The commands of the first level, in the order of the help. */
  static List<Subcommand> top() {
    return List.of(
        new Subcommand("jobs", JobsCommand.class),
        new Subcommand("pilots", PilotsCommand.class),
        new Subcommand("sites", SitesCommand.class),
        new Subcommand("queues", QueuesCommand.class),
        new Subcommand("nodes", NodesCommand.class),
        new Subcommand("machines", MachinesCommand.class),
        new Subcommand("config", ConfigurationCommand.class),
        new Subcommand("tasks", TasksCommand.class),
        new Subcommand("login", LoginCommand.class),
        new Subcommand("logout", LogoutCommand.class),
        new Subcommand("whoami", WhoamiCommand.class),
        new Subcommand("server", ServerCommand.class),
        new Subcommand("edge", EdgeCommand.class),
        new Subcommand("demo", DemoCommand.class),
        new Subcommand("admin", AdminCommand.class),
        new Subcommand("test", TestCommand.class),
        new Subcommand("bench", BenchCommand.class),
        new Subcommand(COMPLETION, CompletionCommand.class),
        new Subcommand("aot-training", TrainingCommand.class));
  }

  /** The commands of a group; none for a command that is no group. */
  static List<Subcommand> within(Subcommand group) {
    return switch (group.name()) {
      case "jobs" -> JobsCommand.subcommands();
      case "pilots" -> PilotsCommand.subcommands();
      case "sites" -> SitesCommand.subcommands();
      case "queues" -> QueuesCommand.subcommands();
      case "nodes" -> NodesCommand.subcommands();
      case "machines" -> MachinesCommand.subcommands();
      case "config" -> ConfigurationCommand.subcommands();
      case "tasks" -> TasksCommand.subcommands();
      case "server" -> ServerCommand.subcommands();
      default -> List.of();
    };
  }

  /** The root with what the arguments need below it. */
  CommandLine root(String... arguments) {
    CommandLine root = new CommandLine(new SpinorCommand(), factory);
    boolean everything = word(arguments, 0).equals(COMPLETION);
    for (Subcommand command : chosen(top(), everything ? "" : word(arguments, 0))) {
      CommandLine line = line(command);
      if (everything || command.name().equals(singular(word(arguments, 0)))) {
        for (Subcommand child : chosen(within(command), everything ? "" : word(arguments, 1))) {
          line.addSubcommand(line(child));
        }
      }
      root.addSubcommand(line);
    }
    return root;
  }

  /** The one that is called by its name; all where none is. */
  private static List<Subcommand> chosen(List<Subcommand> commands, String word) {
    List<Subcommand> called =
        commands.stream().filter(command -> command.name().equals(singular(word))).toList();
    return called.isEmpty() ? commands : called;
  }

  /** Groups go by the singular too. */
  private static String singular(String word) {
    return switch (word) {
      case "job", "pilot", "site", "queue", "node", "machine", "task" -> word + "s";
      case "history" -> "log";
      default -> word;
    };
  }

  private static String word(String[] arguments, int index) {
    return index < arguments.length ? arguments[index] : "";
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
  }

  private CommandLine line(Subcommand command) {
    try {
      CommandLine line = new CommandLine(factory.create(command.type()), factory);
      line.getSubcommands().values().forEach(CommandTree::addHelp);
      addHelp(line);
      return line;
    } catch (Exception e) {
      throw new IllegalStateException("cannot make the command " + command.name(), e);
    }
  }
}
