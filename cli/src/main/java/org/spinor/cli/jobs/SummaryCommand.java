package org.spinor.cli.jobs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.cli.console.RowTable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code spinor jobs summary}. */
@Command(
    name = "summary",
    description = "Count jobs by status, or by any columns.",
    footer = {
      "",
      "Examples:",
      "  spinor jobs summary",
      "  spinor jobs summary --by Site,Status --owner me",
      "  spinor jobs summary --by MinorStatus --status Failed"
    })
final class SummaryCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobSelection selection = new JobSelection();

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "COLUMN",
      defaultValue = "Status",
      description = "Columns to count by (default: ${DEFAULT-VALUE}).")
  private List<String> columns = List.of();

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  SummaryCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = server.open(context);
    List<JsonNode> rows =
        session.client().jobs().summary(columns, selection.conditions(context, session)).stream()
            .sorted(Comparator.comparingLong((JsonNode row) -> -row.path("count").asLong()))
            .toList();
    output.print(
        context.terminal(),
        rows,
        () -> {
          List<String> shown = new ArrayList<>(columns);
          shown.add("count");
          RowTable.of(shown, rows, context.zone()).print(context.terminal());
        });
    return ExitCode.DONE;
  }
}
