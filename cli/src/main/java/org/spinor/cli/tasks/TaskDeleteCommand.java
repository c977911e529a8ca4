package org.spinor.cli.tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Tasks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor tasks delete}. */
@Command(
    name = "delete",
    description = "Drop dead tasks: they are never tried again.",
    footer = {"", "Example:", "  spinor tasks delete 812"})
final class TaskDeleteCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The tasks' ids.")
  private List<String> ids = new ArrayList<>();

  @Mixin private ServerOption server = new ServerOption();

  TaskDeleteCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Tasks tasks = server.open(context).client().tasks();
    for (String id : ids) {
      tasks.delete(id);
      context.terminal().out().println("task " + id + " is dropped");
    }
    return ExitCode.DONE;
  }
}
