package org.spinor.cli.jobs;

import java.util.concurrent.Callable;
import org.spinor.cli.session.Confirmation;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.JobSet;
import org.spinor.client.Jobs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor jobs reschedule}. */
@Command(
    name = "reschedule",
    description = "Run jobs again from the start, as they were submitted.",
    footer = {
      "",
      "Examples:",
      "  spinor jobs reschedule 17",
      "  spinor jobs reschedule --owner me --status Failed --since 1d --yes"
    })
final class RescheduleCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobSelection selection = new JobSelection();

  @Option(names = "--reset", description = "Begin the count of reschedulings anew.")
  private boolean reset;

  @Mixin private Confirmation confirmation = new Confirmation();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  RescheduleCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = server.open(context);
    JobSet jobs = selection.required(context, session);
    new Change(context, session, confirmation, output).confirm("reschedule", jobs);
    Jobs.Outcome outcome = session.client().jobs().reschedule(jobs, reset);
    output.print(
        context.terminal(),
        outcome,
        () -> {
          int count = outcome.success().size();
          context
              .terminal()
              .out()
              .println(String.format("rescheduled %,d %s", count, Change.plural(count)));
          outcome.problems().forEach(context.terminal()::say);
        });
    return outcome.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
