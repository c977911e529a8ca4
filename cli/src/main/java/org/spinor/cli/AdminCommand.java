package org.spinor.cli;

import java.util.concurrent.Callable;
import org.spinor.cli.session.Failure;
import picocli.CommandLine.Command;

/** {@code spinor admin}: the launcher hands it to the server's code; here only for the help. */
@Command(
    name = "admin",
    description = "On the server's host: make a token, with the server's own key.",
    synopsisHeading = "Usage: ",
    customSynopsis =
        "spinor admin token --data DIR --vo VO --group GROUP --user NAME [--sub SUB]"
            + " [--property P]... [--expires 8h]",
    footer = {
      "",
      "Example:",
      "  SPINOR_TOKEN=$(spinor admin token --data ~/spinor --vo spinor --group admin --user admin)"
    })
final class AdminCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    throw Failure.usage("the launcher ./spinor runs this with the server's code");
  }
}
