package org.spinor.cli.jobs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.Condition;
import org.spinor.client.JobSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor jobs wait}. */
@Command(
    name = "wait",
    description = "Wait until jobs have ended; the exit code is 0 only if all of them are Done.",
    footer = {
      "",
      "Exit codes: 0 all Done, 1 some ended otherwise, 5 no such job, 7 the time is over.",
      "",
      "Examples:",
      "  spinor jobs wait 17-20",
      "  spinor jobs wait --group calibration --timeout 2h && echo done"
    })
final class WaitCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobSelection selection = new JobSelection();

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "SPAN",
      description = "Wait no longer than this: 30s, 10m, 2h.")
  private @Nullable String timeout;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  WaitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = server.open(context);
    JobSet jobs = selection.required(context, session);
    List<Condition> conditions = jobs.conditions();
    JobCounts counts = new JobWait(context, session).until(conditions, limit());
    output.print(
        context.terminal(),
        counts.counts(),
        () -> context.terminal().out().println(counts.total() == 0 ? "no jobs" : counts.text()));
    return exitCode(jobs, counts);
  }

  private int exitCode(JobSet jobs, JobCounts counts) {
    long expected = jobs instanceof JobSet.Ids named ? named.ids().size() : 1;
    if (counts.total() < expected) {
      context
          .terminal()
          .say(
              "spinor: "
                  + (expected - counts.total())
                  + " of the jobs do not exist or are not for you to see");
      return ExitCode.NOT_FOUND;
    }
    return counts.of(JobStatus.Done) == counts.total() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private @Nullable Duration limit() {
    try {
      return timeout == null ? null : Times.span(timeout);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }
}
