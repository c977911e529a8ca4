package org.spinor.cli.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobId;
import org.spinor.cli.console.RowTable;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Jobs;
import org.spinor.client.Sandboxes;
import org.spinor.client.SpinorClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code spinor jobs show}. */
@Command(
    name = "show",
    description = "Show everything about jobs: columns, parameters, attempts, sandboxes.",
    footer = {"", "Examples:", "  spinor jobs show 17", "  spinor jobs show 17 --jdl"})
final class ShowCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobIds jobs = new JobIds();

  @Option(names = "--jdl", description = "Show the description, as the server completed it.")
  private boolean jdl;

  @Option(names = "--original-jdl", description = "Show the description as it was submitted.")
  private boolean originalJdl;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SpinorClient client = server.open(context).client();
    List<Details> all = new ArrayList<>();
    List<JobId> missing = new ArrayList<>();
    for (JobId id : jobs.ids()) {
      List<JsonNode> row = client.jobs().row(id);
      if (row.isEmpty()) {
        missing.add(id);
      } else {
        all.add(details(client, id, row.getFirst()));
      }
    }
    output.print(context.terminal(), all, () -> all.forEach(this::print));
    return Missing.exitCode(context, missing);
  }

  private Details details(SpinorClient client, JobId id, JsonNode row) {
    Jobs calls = client.jobs();
    return new Details(
        row,
        calls.parameters(id),
        calls.attempts(id),
        client.sandboxes().of(id),
        jdl || originalJdl ? calls.jdl(id, originalJdl) : "");
  }

  private void print(Details job) {
    Terminal terminal = context.terminal();
    if (!job.jdl().isEmpty()) {
      terminal.out().println(Terminal.harmless(job.jdl()));
      return;
    }
    Map<String, String> lines = new LinkedHashMap<>();
    job.job()
        .properties()
        .forEach(
            entry ->
                lines.put(
                    entry.getKey(),
                    RowTable.cell(entry.getValue(), entry.getKey(), context.zone())));
    section("Job " + job.job().path("JobID"), lines);
    section("Parameters", job.parameters());
    if (!job.attempts().isEmpty()) {
      terminal.out().println();
      terminal.out().println(terminal.styled(Style.BOLD, "Attempts"));
      Table table = new Table("No", "Pilot", "Site", "CE", "Started", "Ended", "Outcome", "Reason");
      for (JobAttempt attempt : job.attempts()) {
        table.row(
            attempt.attempt(),
            attempt.pilotStamp(),
            attempt.site(),
            attempt.ce(),
            Times.shown(attempt.started().toString(), context.zone()),
            attempt.ended() == null ? "-" : Times.shown(attempt.ended().toString(), context.zone()),
            attempt.outcome() == null ? "runs" : attempt.outcome(),
            attempt.reason() == null ? "" : attempt.reason());
      }
      table.print(terminal);
    }
    Map<String, String> sandboxes = new LinkedHashMap<>();
    job.sandboxes().input().forEach(pfn -> sandboxes.put("Input", pfn));
    job.sandboxes().output().forEach(pfn -> sandboxes.put("Output", pfn));
    section("Sandboxes", sandboxes);
    terminal.out().println();
  }

  private void section(String title, Map<String, String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    Terminal terminal = context.terminal();
    if (!title.startsWith("Job ")) {
      terminal.out().println();
    }
    terminal.out().println(terminal.styled(Style.BOLD, title));
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.forEach(
        (name, value) -> {
          String shown = Terminal.harmless(value).replace("\n", "\n" + " ".repeat(width + 4));
          String styled =
              name.equals("Status") ? terminal.styled(Style.ofStatus(value), value) : shown;
          terminal.out().println("  " + name + " ".repeat(width - name.length()) + "  " + styled);
        });
  }

  /** One job with all that belongs to it. */
  private record Details(
      JsonNode job,
      Map<String, String> parameters,
      List<JobAttempt> attempts,
      Sandboxes.JobSandboxes sandboxes,
      String jdl) {}
}
