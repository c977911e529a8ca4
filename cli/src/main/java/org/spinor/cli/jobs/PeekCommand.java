package org.spinor.cli.jobs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Jobs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code spinor jobs peek}. */
@Command(
    name = "peek",
    description = "Show the latest output of running jobs.",
    footer = {"", "Examples:", "  spinor jobs peek 17", "  spinor jobs peek 17 --follow"})
final class PeekCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final Context context;
  @Mixin private JobIds jobs = new JobIds();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the job has ended.")
  private boolean follow;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  PeekCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Jobs calls = server.open(context).client().jobs();
    List<JobId> ids = jobs.ids();
    if (follow) {
      if (ids.size() != 1) {
        throw Failure.usage("--follow is for one job");
      }
      return follow(calls, ids.getFirst());
    }
    Map<String, Jobs.Peek> peeks = new LinkedHashMap<>();
    ids.forEach(id -> peeks.put(id.toString(), calls.peek(id)));
    output.print(context.terminal(), peeks, () -> peeks.forEach(this::print));
    return ExitCode.DONE;
  }

  private void print(String id, Jobs.Peek peek) {
    Terminal terminal = context.terminal();
    String time = peek.time();
    String text = peek.standardOutput();
    if (time == null || text == null) {
      terminal.say("job " + id + " has sent no output yet; asked it for some: try again soon");
      return;
    }
    terminal.say(
        terminal.styledErr(Style.DIM, "job " + id + ", at " + Times.shown(time, context.zone())));
    terminal.out().println(Terminal.harmless(text.stripTrailing()));
  }

  private int follow(Jobs calls, JobId id) throws InterruptedException {
    String shown = "";
    while (true) {
      List<JsonNode> row = calls.row(id);
      if (row.isEmpty()) {
        throw new Failure(ExitCode.NOT_FOUND, "no job " + id);
      }
      JobStatus status = JobStatus.valueOf(row.getFirst().path("Status").asString());
      String text = calls.peek(id).standardOutput();
      if (text != null) {
        context.terminal().out().print(Terminal.harmless(news(shown, text)));
        context.terminal().out().flush();
        shown = text;
      }
      if (status.isFinal()) {
        context.terminal().say("job " + id + " is " + status);
        return ExitCode.DONE;
      }
      Thread.sleep(PAUSE);
    }
  }

  /** What a window on the end of a growing text shows that the window before did not. */
  static String news(String before, String now) {
    for (int start = 0; start <= before.length(); start++) {
      if (now.startsWith(before.substring(start))) {
        return now.substring(before.length() - start);
      }
    }
    return now;
  }
}
