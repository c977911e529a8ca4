package org.spinor.cli.configuration;

import java.util.concurrent.Callable;
import org.spinor.api.ConfigurationEdit;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor config rollback}. */
@Command(
    name = "rollback",
    description = {
      "Make the text of an older version the newest one again; for CSAdministrator.",
      "Nothing is lost: it is one more version, and can be taken back in the same way."
    },
    footer = {
      "",
      "Example:",
      "  spinor config history",
      "  spinor config rollback 3f0c9ab1 --reason 'the new limits stop everything'"
    })
final class ConfigurationRollbackCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "REV", description = "The commit, or its first digits.")
  private String revision = "";

  @Mixin private ReasonOption reason = new ReasonOption();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationRollbackCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ConfigurationEdit.Done done =
        server.open(context).client().configuration().rollback(revision, reason.text());
    output.print(context.terminal(), done, () -> ConfigurationText.print(context.terminal(), done));
    return ExitCode.DONE;
  }
}
