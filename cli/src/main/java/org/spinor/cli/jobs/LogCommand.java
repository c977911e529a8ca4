package org.spinor.cli.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.spinor.api.JobId;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Jobs;
import org.spinor.client.SpinorClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor jobs log}. */
@Command(
    name = "log",
    aliases = "history",
    description = "Show what happened to jobs, oldest first.",
    footer = {"", "Examples:", "  spinor jobs log 17", "  spinor jobs log 17 --output json"})
final class LogCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobIds jobs = new JobIds();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  LogCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SpinorClient client = server.open(context).client();
    Map<String, List<Jobs.LogRecord>> logs = new LinkedHashMap<>();
    for (JobId id : jobs.ids()) {
      logs.put(id.toString(), client.jobs().logging(id));
    }
    output.print(context.terminal(), logs, () -> logs.forEach(this::print));
    return ExitCode.DONE;
  }

  private void print(String id, List<Jobs.LogRecord> log) {
    context.terminal().out().println(context.terminal().styled(Style.BOLD, "Job " + id));
    Table table =
        new Table("Time", "Status", "MinorStatus", "ApplicationStatus", "Source", "Attempt")
            .colouring("Status");
    for (Jobs.LogRecord entry : log) {
      table.row(
          Times.shown(entry.time(), context.zone()),
          entry.status(),
          entry.minorStatus(),
          entry.applicationStatus(),
          entry.source(),
          entry.attempt() == null || entry.attempt() == 0 ? "-" : entry.attempt());
    }
    table.print(context.terminal());
  }
}
