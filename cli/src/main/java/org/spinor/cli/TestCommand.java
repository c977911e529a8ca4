package org.spinor.cli;

import java.util.concurrent.Callable;
import org.spinor.cli.session.Failure;
import picocli.CommandLine.Command;

/** {@code spinor test}: the launcher runs it; here only for the help. */
@Command(
    name = "test",
    description =
        "In a checkout: the whole checked build with all tests, as continuous integration runs it.",
    synopsisHeading = "Usage: ",
    customSynopsis = "spinor test [options of Maven]",
    footer = {
      "",
      "Installs what the tests need and this system lacks, where it may. The exit code is 0 only",
      "if everything passed.",
      "",
      "Examples:",
      "  spinor test",
      "  spinor test -pl server -am"
    })
final class TestCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw Failure.usage("the launcher ./spinor runs this");
  }
}
