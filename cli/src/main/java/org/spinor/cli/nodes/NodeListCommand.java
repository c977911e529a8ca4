package org.spinor.cli.nodes;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.NodeInfo;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor nodes list}. */
@Command(
    name = "list",
    description =
        "List worker nodes that are put aside, and those on which jobs failed within moments lately.",
    footer = {"", "Example:", "  spinor nodes list"})
final class NodeListCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  NodeListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<NodeInfo> nodes = server.open(context).client().pilots().nodes();
    output.print(
        context.terminal(),
        nodes,
        () -> {
          if (nodes.isEmpty()) {
            context.terminal().say("no node is put aside or under suspicion");
          } else {
            print(nodes);
          }
        });
    return ExitCode.DONE;
  }

  private void print(List<NodeInfo> nodes) {
    Table table =
        new Table("Site", "Node", "Pilots", "Failures", "LastFailure", "AsideUntil", "Reason");
    for (NodeInfo node : nodes) {
      table.row(
          node.site(),
          node.host(),
          node.pilots(),
          node.fastFailures(),
          time(node.lastFailure()),
          time(node.asideUntil()),
          node.asideUntil() == null ? "it gets work" : node.reason());
    }
    table.print(context.terminal());
  }

  private String time(@Nullable Instant time) {
    return time == null ? "-" : Times.shown(time.toString(), context.zone());
  }
}
