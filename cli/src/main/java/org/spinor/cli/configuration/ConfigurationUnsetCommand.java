package org.spinor.cli.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.api.ConfigurationEdit;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor config unset}. */
@Command(
    name = "unset",
    description = {
      "Take values or sections out of the configuration; for CSAdministrator.",
      "What is not written has its default."
    },
    footer = {
      "",
      "Examples:",
      "  spinor config unset Registry/lhcb/Groups/user/JobShare --reason 'the default will do'",
      "  spinor config unset Resources/Sites/LCG.CERN.ch --reason 'switched off'"
    })
final class ConfigurationUnsetCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Values or sections.")
  private List<String> paths = new ArrayList<>();

  @Mixin private ReasonOption reason = new ReasonOption();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationUnsetCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<ConfigurationEdit.Setting> settings =
        paths.stream()
            .map(path -> new ConfigurationEdit.Setting(ConfigurationText.names(path), null))
            .toList();
    ConfigurationEdit.Done done =
        server
            .open(context)
            .client()
            .configuration()
            .edit(new ConfigurationEdit(reason.text(), settings));
    output.print(context.terminal(), done, () -> ConfigurationText.print(context.terminal(), done));
    return ExitCode.DONE;
  }
}
