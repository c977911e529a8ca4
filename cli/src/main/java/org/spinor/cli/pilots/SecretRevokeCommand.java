package org.spinor.cli.pilots;

import java.util.concurrent.Callable;
import org.spinor.api.MachineSecretInfo;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor pilots secret revoke}. */
@Command(
    name = "revoke",
    description = "Let no machine join with a secret any more; those that are in stay.",
    footer = {
      "",
      "Examples:",
      "  spinor pilots secret revoke 3",
      "  spinor pilots secret revoke 3 --drain"
    })
final class SecretRevokeCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "ID", description = "Its number, as 'secret list' shows it.")
  private long id;

  @Option(names = "--drain", description = "Drain the machines that came with it, too.")
  private boolean drain;

  @Mixin private ServerOption server = new ServerOption();

  SecretRevokeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    MachineSecretInfo secret = server.open(context).client().machines().revokeSecret(id, drain);
    context
        .terminal()
        .out()
        .println("secret " + id + " is " + secret.state() + (drain ? "; its machines drain" : ""));
    return ExitCode.DONE;
  }
}
