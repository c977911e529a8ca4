package org.spinor.cli.tasks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.spinor.cli.console.RowTable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code spinor tasks list}. */
@Command(
    name = "list",
    description = "List background tasks.",
    footer = {"", "Examples:", "  spinor tasks list", "  spinor tasks list --state waiting"})
final class TaskListCommand implements Callable<Integer> {
  /** The states of a task, as the server names them. */
  enum State {
    dead,
    waiting,
    running
  }

  private final Context context;

  @Option(
      names = {"-s", "--state"},
      paramLabel = "STATE",
      defaultValue = "dead",
      description = "Of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, those given up).")
  private State state = State.dead;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  TaskListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<JsonNode> tasks = server.open(context).client().tasks().list(state.name());
    output.print(
        context.terminal(),
        tasks,
        () -> {
          if (tasks.isEmpty()) {
            context.terminal().say("no " + state + " tasks");
            return;
          }
          List<String> columns = tasks.getFirst().propertyStream().map(Map.Entry::getKey).toList();
          RowTable.of(columns, tasks, context.zone()).print(context.terminal());
        });
    return ExitCode.DONE;
  }
}
