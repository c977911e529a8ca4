package org.spinor.cli;

import java.util.concurrent.Callable;
import org.spinor.cli.session.Failure;
import picocli.CommandLine.Command;

/** {@code spinor bench}: the launcher runs it with a jar of its own; here only for the help. */
@Command(
    name = "bench",
    description = "Run a benchmark on a server of its own.",
    synopsisHeading = "Usage: ",
    customSynopsis = "spinor bench NAME [--jobs N] [--json] [...]",
    footer = {"", "Examples:", "  spinor bench --help", "  spinor bench match --json"})
final class BenchCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw Failure.usage("the launcher ./spinor runs this");
  }
}
