package org.spinor.cli.sites;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SiteInfo;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor sites list}. */
@Command(
    name = "list",
    description = "List sites, their queues and the pilots there.",
    footer = {"", "Example:", "  spinor sites list"})
final class SiteListCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  SiteListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<SiteInfo> sites = server.open(context).client().sites().list();
    output.print(context.terminal(), sites, () -> print(sites));
    return ExitCode.DONE;
  }

  private void print(List<SiteInfo> sites) {
    Table table =
        new Table(
                "Site", "Status", "CE", "Type", "Queue", "Waiting", "Running", "Submission", "Note")
            .colouring("Status");
    for (SiteInfo site : sites) {
      if (site.computingElements().isEmpty()) {
        table.row(site.name(), site.status(), "-", "-", "-", "-", "-", "-", note(site, null));
      }
      for (SiteInfo.ComputingElement ce : site.computingElements()) {
        for (SiteInfo.Queue queue : ce.queues()) {
          table.row(
              site.name(),
              site.status(),
              ce.name(),
              ce.type(),
              queue.name(),
              queue.pilotsWaiting(),
              queue.pilotsRunning(),
              queue.breaker().equals("closed") ? "works" : "stopped (" + queue.breaker() + ")",
              note(site, queue.lastError()));
        }
      }
    }
    table.print(context.terminal());
  }

  private String note(SiteInfo site, @Nullable String error) {
    String note = error == null ? site.reason() : error;
    if (site.silentSince() == null) {
      return note;
    }
    String since = Times.shown(site.silentSince().toString(), context.zone());
    String silence = "nobody there is heard since " + since;
    return note.isEmpty() ? silence : silence + "; " + note;
  }
}
