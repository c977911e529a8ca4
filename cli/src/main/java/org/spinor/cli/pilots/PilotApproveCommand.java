package org.spinor.cli.pilots;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineApproval;
import org.spinor.api.MachineInfo;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor pilots approve}. */
@Command(
    name = "approve",
    description = {
      "Let the machine run pilots that shows this code, for good.",
      "",
      "The site needs a queue of CEType: Vacuum."
    },
    footer = {
      "",
      "Examples:",
      "  spinor pilots approve BCDF-GHJK --site VAC.Desks.org",
      "  spinor pilots approve BCDF-GHJK --site VAC.Desks.org --queue big --vo biomed"
    })
final class PilotApproveCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "CODE", description = "As the machine shows it.")
  private String code = "";

  @Option(
      names = "--site",
      paramLabel = "SITE",
      required = true,
      description = "The site that it belongs to from now on.")
  private String site = "";

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description = "QUEUE or CE/QUEUE (default: the only one of the site for machines).")
  private @Nullable String queue;

  @Option(
      names = "--vo",
      paramLabel = "VO",
      description = "Whose pilots it runs (default: the only VO that may use the queue).")
  private @Nullable String vo;

  @Mixin private ServerOption server = new ServerOption();

  PilotApproveCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    MachineInfo machine =
        server
            .open(context)
            .client()
            .machines()
            .approve(new MachineApproval(code, site, queue, vo));
    context
        .terminal()
        .out()
        .println(
            "machine %d (%s) runs pilots of VO %s at %s (%s/%s)"
                .formatted(
                    machine.id(),
                    machine.name(),
                    machine.vo(),
                    machine.site(),
                    machine.ce(),
                    machine.queue()));
    return ExitCode.DONE;
  }
}
