package org.spinor.cli.jobs;

import java.util.List;
import org.spinor.api.JobId;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;

/** Says which of the jobs asked for are not there. */
final class Missing {
  private Missing() {}

  static int exitCode(Context context, List<JobId> missing) {
    if (missing.isEmpty()) {
      return ExitCode.DONE;
    }
    String which = missing.size() == 1 ? "no job " : "no jobs ";
    context.terminal().say("spinor: " + which + JobNumbers.shown(missing));
    return ExitCode.NOT_FOUND;
  }
}
