package org.spinor.cli.jobs;

import java.util.List;
import java.util.function.Function;
import org.spinor.cli.session.Confirmation;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.Session;
import org.spinor.client.Condition;
import org.spinor.client.JobSet;
import org.spinor.client.Jobs;
import org.spinor.client.Search;

/** What kill, delete and reschedule have in common: the question before, the count after. */
record Change(Context context, Session session, Confirmation confirmation, OutputOption output) {

  /** Asks where the jobs come from a query; nothing to ask where it finds none. */
  void confirm(String verb, JobSet jobs) {
    if (jobs instanceof JobSet.Matching(List<Condition> conditions)) {
      long total =
          session.client().jobs().search(Search.of(conditions).columns("JobID"), 1, 1).total();
      if (total == 0) {
        throw new Failure(ExitCode.NOT_FOUND, "no job is like that; nothing was changed");
      }
      confirmation.require(context, String.format("%s %,d %s", verb, total, plural(total)));
    }
  }

  int count(String verb, String done, JobSet jobs, Function<JobSet, Jobs.Changed> action) {
    confirm(verb, jobs);
    Jobs.Changed changed = action.apply(jobs);
    output.print(
        context.terminal(),
        changed,
        () -> {
          String rest =
              changed.unchanged() == 0
                  ? ""
                  : String.format(
                      "; %,d stay as they are (ended already, or not yours)", changed.unchanged());
          context
              .terminal()
              .out()
              .println(
                  String.format(
                      "%s %,d %s%s", done, changed.changed(), plural(changed.changed()), rest));
        });
    return ExitCode.DONE;
  }

  static String plural(long count) {
    return count == 1 ? "job" : "jobs";
  }
}
