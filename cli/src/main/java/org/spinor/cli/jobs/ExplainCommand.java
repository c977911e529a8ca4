package org.spinor.cli.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.api.Explanation;
import org.spinor.api.JobId;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.SpinorClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor jobs explain}. */
@Command(
    name = "explain",
    description =
        "Say why a job waits: what would run it, which condition refuses which queues and pilots,"
            + " its place in its share.",
    footer = {"", "Examples:", "  spinor jobs explain 17"})
final class ExplainCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobIds jobs = new JobIds();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ExplainCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SpinorClient client = server.open(context).client();
    List<Explanation> all = new ArrayList<>();
    for (JobId id : jobs.ids()) {
      all.add(client.jobs().explain(id));
    }
    output.print(
        context.terminal(),
        all,
        () -> {
          for (int i = 0; i < all.size(); i++) {
            if (i > 0) {
              context.terminal().out().println();
            }
            ExplanationText.print(context.terminal(), all.get(i));
          }
        });
    return ExitCode.DONE;
  }
}
