package org.spinor.cli.machines;

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
import picocli.CommandLine.Option;

/** {@code spinor machines list}. */
@Command(
    name = "list",
    description = {
      "List machines that run pilots by themselves, newest first.",
      "",
      "running: a pilot runs; idle: no work for it; waiting: no place for it; draining, drained: by"
          + " an operator; silent: it has not spoken lately, and its place is free; asking: see"
          + " 'spinor pilots requests'."
    },
    footer = {
      "",
      "Examples:",
      "  spinor machines list --site VAC.Desks.org",
      "  spinor machines list --state silent"
    })
final class MachineListCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--site", paramLabel = "SITE", description = "Machines of this site.")
  private @Nullable String site;

  @Option(
      names = {"-s", "--state"},
      paramLabel = "STATE",
      description = "Machines in this state.")
  private @Nullable String state;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  MachineListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<MachineInfo> machines =
        server
            .open(context)
            .client()
            .machines()
            .list(Optional.ofNullable(site), Optional.ofNullable(state));
    output.print(
        context.terminal(),
        machines,
        () -> {
          if (machines.isEmpty()) {
            context.terminal().say("no machines; 'spinor pilots run --help' says how one joins");
          } else {
            print(machines);
          }
        });
    return ExitCode.DONE;
  }

  private void print(List<MachineInfo> machines) {
    Table table =
        new Table(
            "ID", "State", "Name", "Site", "Queue", "VO", "LetInBy", "LastSeen", "Pilot", "Reason");
    for (MachineInfo machine : machines) {
      String queue = machine.queue().isEmpty() ? "" : machine.ce() + "/" + machine.queue();
      String stamp = machine.stamp();
      table.row(
          machine.id(),
          machine.state(),
          machine.name(),
          machine.site(),
          queue,
          machine.vo(),
          machine.letInBy(),
          Times.shown(machine.lastSeen().toString(), context.zone()),
          stamp == null ? "-" : stamp,
          machine.reason());
    }
    table.print(context.terminal());
  }
}
