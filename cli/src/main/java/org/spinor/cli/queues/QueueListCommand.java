package org.spinor.cli.queues;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.QueueInfo;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor queues list}. */
@Command(
    name = "list",
    description = {
      "List queues: the jobs that each could run, its pilots, and why pilots are sent there or are not.",
      "",
      "One line for each VO. A job counts at every queue that fits it. Wait is how long pilots wait there for"
          + " their slot, by the newest ones."
    },
    footer = {"", "Examples:", "  spinor queues list", "  spinor queues list --site LCG.CERN.ch"})
final class QueueListCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--site", paramLabel = "SITE", description = "Queues of this site.")
  private @Nullable String site;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  QueueListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<QueueInfo> queues = server.open(context).client().queues().list(site, null, null);
    output.print(context.terminal(), queues, () -> print(queues));
    return ExitCode.DONE;
  }

  private void print(List<QueueInfo> queues) {
    if (queues.isEmpty()) {
      context
          .terminal()
          .say(site == null ? "no queues are configured" : "no queues of the site " + site);
      return;
    }
    Table table =
        new Table("Site", "CE", "Queue", "VO", "Jobs", "Waiting", "Running", "Idle", "Wait", "Why");
    for (QueueInfo queue : queues) {
      for (QueueInfo.Share share : queue.shares()) {
        table.row(
            queue.site(),
            queue.ce(),
            queue.queue(),
            share.vo(),
            share.jobs(),
            share.unsent() + share.waiting() + share.unknown(),
            share.running(),
            share.idle(),
            wait(queue.waits()),
            share.why());
      }
    }
    table.print(context.terminal());
  }

  static String wait(QueueInfo.Waits waits) {
    Long expected = waits.expectedSeconds();
    return expected == null ? "-" : Times.shown(Duration.ofSeconds(expected));
  }
}
