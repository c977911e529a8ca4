package org.spinor.cli.pilots;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineInfo;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor pilots requests}. */
@Command(
    name = "requests",
    description = "List machines that ask to run pilots, with their codes.",
    footer = {"", "Example:", "  spinor pilots requests"})
final class PilotRequestsCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  PilotRequestsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<MachineInfo> asking =
        server.open(context).client().machines().list(Optional.empty(), Optional.of("asking"));
    output.print(
        context.terminal(),
        asking,
        () -> {
          if (asking.isEmpty()) {
            context.terminal().say("no machine asks to run pilots");
          } else {
            print(asking);
          }
        });
    return ExitCode.DONE;
  }

  private void print(List<MachineInfo> asking) {
    Table table = new Table("Code", "Name", "Host", "Address", "WishedSite", "Until");
    for (MachineInfo machine : asking) {
      @Nullable String code = machine.code();
      table.row(
          code == null ? "-" : code,
          machine.name(),
          machine.host(),
          machine.address(),
          machine.site(),
          Times.shown(String.valueOf(machine.codeUntil()), context.zone()));
    }
    table.print(context.terminal());
    context.terminal().say("compare the code with the one on the machine's screen, then:");
    context.terminal().say("  spinor pilots approve CODE --site SITE");
  }
}
