package org.spinor.cli.nodes;

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

/** {@code spinor nodes release}. */
@Command(
    name = "release",
    description = {
      "Give worker nodes work again, their failures forgotten.",
      "",
      "Pilots there that have begun to drain end all the same; the next ones get work."
    },
    footer = {"", "Example:", "  spinor nodes release LCG.CERN.ch wn17.cern.ch"})
final class NodeReleaseCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "SITE", description = "The site of the nodes.")
  private String site = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "NODE",
      description = "Their names, as 'nodes list' shows them.")
  private List<String> hosts = new ArrayList<>();

  @Mixin private ServerOption server = new ServerOption();

  NodeReleaseCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Pilots pilots = server.open(context).client().pilots();
    for (String host : hosts) {
      pilots.releaseNode(site, host);
      context.terminal().out().println(host + " of " + site + " gets work again");
    }
    return ExitCode.DONE;
  }
}
