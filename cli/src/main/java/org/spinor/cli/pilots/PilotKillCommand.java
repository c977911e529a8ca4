package org.spinor.cli.pilots;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Pilots;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor pilots kill}. */
@Command(
    name = "kill",
    description =
        "End pilots and what they run; their jobs wait again, at no cost to their owners.",
    footer = {"", "Example:", "  spinor pilots kill 4f2a9c"})
final class PilotKillCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "STAMP", arity = "1..*", description = "The pilots' stamps.")
  private List<String> stamps = new ArrayList<>();

  @Mixin private ServerOption server = new ServerOption();

  PilotKillCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Pilots pilots = server.open(context).client().pilots();
    for (String stamp : stamps) {
      pilots.kill(stamp);
      context.terminal().out().println("pilot " + stamp + " is told to end");
    }
    return ExitCode.DONE;
  }
}
