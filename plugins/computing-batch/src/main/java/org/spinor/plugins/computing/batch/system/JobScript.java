package org.spinor.plugins.computing.batch.system;

import java.util.ArrayList;
import java.util.List;

/** Writes job scripts: directives of the system, those of the operator, and the pilot's runner. */
final class JobScript {
  private final BatchJob job;
  private final String prefix;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param prefix of a directive, as {@code #SBATCH}
   */
  JobScript(BatchJob job, String prefix) {
    this.job = job;
    this.prefix = prefix;
    lines.add("#!/bin/sh");
  }

  JobScript add(String directive) {
    lines.add(prefix + " " + directive);
    return this;
  }

  JobScript addIf(boolean condition, String directive) {
    return condition ? add(directive) : this;
  }

  JobScript addIf(String value, String directive) {
    return addIf(!value.isEmpty(), directive + value);
  }

  /**
   * The whole script. It runs where the batch system puts it; POSIX sh.
   *
   * @param task shell word for the number of the task in an array
   * @param id shell word for the job's number
   */
  String run(String task, String id) {
    for (String line : Directives.fill(job.place().directives(), job)) {
      lines.add(line.startsWith("#") ? line : prefix + " " + line);
    }
    lines.addAll(job.place().preamble());
    lines.add(
        "exec sh "
            + String.join(
                " ",
                quoted(job.tools() + "/run.sh"),
                quoted(job.area()),
                quoted(job.folder()),
                job.isArray() ? "\"" + task + "\"" : "1",
                "\"" + id + "\""));
    return String.join("\n", lines) + "\n";
  }

  /** One word for a POSIX shell, whatever it holds. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
