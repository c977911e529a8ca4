package org.spinor.cli.pilots;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineSecretInfo;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor pilots secret list}. */
@Command(
    name = "list",
    description = "List secrets with which machines join; never the secrets themselves.",
    footer = {"", "Example:", "  spinor pilots secret list"})
final class SecretListCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  SecretListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<MachineSecretInfo> secrets = server.open(context).client().machines().secrets();
    output.print(
        context.terminal(),
        secrets,
        () -> {
          if (secrets.isEmpty()) {
            context.terminal().say("there are no secrets for machines");
          } else {
            print(secrets);
          }
        });
    return ExitCode.DONE;
  }

  private void print(List<MachineSecretInfo> secrets) {
    Table table =
        new Table(
            "ID", "State", "VO", "Site", "Queue", "Machines", "Most", "Expires", "By", "Note");
    for (MachineSecretInfo secret : secrets) {
      @Nullable Integer most = secret.maxMachines();
      table.row(
          secret.id(),
          secret.state(),
          secret.vo(),
          secret.site(),
          secret.ce() + "/" + secret.queue(),
          secret.machines(),
          most == null ? "-" : most.toString(),
          Times.shown(secret.expires().toString(), context.zone()),
          secret.createdBy(),
          secret.note());
    }
    table.print(context.terminal());
  }
}
