package org.spinor.cli.pilots;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.cli.console.RowTable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Condition;
import org.spinor.client.Jobs;
import org.spinor.client.Page;
import org.spinor.client.Search;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor pilots list}. */
@Command(
    name = "list",
    description = "List pilots, newest first.",
    footer = {
      "",
      "Examples:",
      "  spinor pilots list --status Running",
      "  spinor pilots list --site LCG.CERN.ch --where 'Queue like long%%'"
    })
final class PilotListCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("PilotStamp", "Status", "GridSite", "DestinationSite", "Queue", "CurrentJobID");

  private final Context context;

  @Option(
      names = {"-s", "--status"},
      split = ",",
      paramLabel = "STATUS",
      description = "Pilots in this status, or one of several.")
  private List<String> statuses = new ArrayList<>();

  @Option(names = "--site", paramLabel = "SITE", description = "Pilots at this site.")
  private @Nullable String site;

  @Option(
      names = {"-w", "--where"},
      paramLabel = "CONDITION",
      description = "Any column: 'Queue eq long'.")
  private List<String> conditions = new ArrayList<>();

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      defaultValue = "25",
      description = "Show at most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  PilotListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Search search = Search.of(asked()).sortedBy("PilotID", true);
    int size = Math.clamp(limit, 1, Jobs.MAX_PAGE);
    Page page = server.open(context).client().pilots().search(search, 1, size);
    output.print(
        context.terminal(),
        page.rows(),
        () -> {
          List<String> columns = new ArrayList<>(COLUMNS);
          columns.add("LastUpdateTime");
          RowTable.of(columns, page.rows(), context.zone()).print(context.terminal());
          if (page.total() > page.rows().size()) {
            context
                .terminal()
                .say(
                    String.format(
                        "%,d of %,d pilots; --limit shows more", page.rows().size(), page.total()));
          }
        });
    return ExitCode.DONE;
  }

  private List<Condition> asked() {
    List<Condition> all = new ArrayList<>();
    if (!statuses.isEmpty()) {
      all.add(Condition.in("Status", statuses));
    }
    if (site != null) {
      all.add(Condition.equal("GridSite", site));
    }
    try {
      conditions.forEach(text -> all.add(Condition.parse(text)));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
    return all;
  }
}
