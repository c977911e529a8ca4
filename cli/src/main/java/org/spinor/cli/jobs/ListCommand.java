package org.spinor.cli.jobs;

import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.cli.console.RowTable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.Jobs;
import org.spinor.client.Page;
import org.spinor.client.Search;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code spinor jobs list}. */
@Command(
    name = "list",
    description = "List jobs, newest first.",
    footer = {
      "",
      "Examples:",
      "  spinor jobs list",
      "  spinor jobs list --status Failed --since 2d",
      "  spinor jobs list --owner me --where 'Site like LCG.%%' --all --output json",
      "  spinor jobs list 100-200 --columns JobID,Status,Site"
    })
final class ListCommand implements Callable<Integer> {
  private static final String DEFAULT_COLUMNS =
      "JobID,Status,MinorStatus,Site,JobName,Owner,LastUpdateTime";

  private final Context context;
  @Mixin private JobSelection selection = new JobSelection();

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      defaultValue = "25",
      description = "Show at most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = {"-a", "--all"},
      description = "Show all of them.")
  private boolean all;

  @Option(
      names = "--columns",
      split = ",",
      paramLabel = "COLUMN",
      defaultValue = DEFAULT_COLUMNS,
      description = "Columns to show (default: ${DEFAULT-VALUE}); 'all' for all.")
  private List<String> columns = List.of();

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw Failure.usage("--limit is a positive number");
    }
    Session session = server.open(context);
    boolean everyColumn = columns.equals(List.of("all"));
    Search search =
        new Search(
            everyColumn ? List.of() : columns,
            selection.conditions(context, session),
            List.of(new Search.Order("JobID", true)));
    Jobs jobs = session.client().jobs();
    List<JsonNode> rows;
    long total;
    if (all) {
      rows = new java.util.ArrayList<>();
      jobs.each(search, rows::add);
      total = rows.size();
    } else {
      Page page = jobs.search(search, 1, Math.min(limit, Jobs.MAX_PAGE));
      rows = page.rows();
      total = page.total();
    }
    output.print(context.terminal(), rows, () -> print(rows, total, everyColumn));
    return ExitCode.DONE;
  }

  private void print(List<JsonNode> rows, long total, boolean everyColumn) {
    if (rows.isEmpty()) {
      context.terminal().say("no jobs");
      return;
    }
    List<String> shown =
        everyColumn
            ? rows.getFirst().propertyStream().map(java.util.Map.Entry::getKey).toList()
            : columns;
    RowTable.of(shown, rows, context.zone()).print(context.terminal());
    if (total > rows.size()) {
      context
          .terminal()
          .say(String.format("%,d of %,d jobs; --all or --limit show more", rows.size(), total));
    }
  }
}
