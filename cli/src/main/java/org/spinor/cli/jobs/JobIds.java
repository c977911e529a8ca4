package org.spinor.cli.jobs;

import java.util.ArrayList;
import java.util.List;
import org.spinor.api.JobId;
import picocli.CommandLine.Parameters;

/** The jobs of a command that looks at each by its number. */
final class JobIds {
  @Parameters(paramLabel = "ID", arity = "1..*", description = "Numbers and ranges: 5 7,9 20-40.")
  private List<String> words = new ArrayList<>();

  List<JobId> ids() {
    return JobNumbers.parse(words);
  }
}
