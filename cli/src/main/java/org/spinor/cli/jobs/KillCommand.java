package org.spinor.cli.jobs;

import java.util.concurrent.Callable;
import org.spinor.cli.session.Confirmation;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.JobSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor jobs kill}. */
@Command(
    name = "kill",
    description = "Stop jobs: those that wait never start, those that run are ended.",
    footer = {
      "",
      "Examples:",
      "  spinor jobs kill 17 20-40",
      "  spinor jobs kill --owner me --status Waiting --yes"
    })
final class KillCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobSelection selection = new JobSelection();
  @Mixin private Confirmation confirmation = new Confirmation();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  KillCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = server.open(context);
    JobSet jobs = selection.required(context, session);
    Change change = new Change(context, session, confirmation, output);
    return change.count("kill", "killed", jobs, session.client().jobs()::kill);
  }
}
