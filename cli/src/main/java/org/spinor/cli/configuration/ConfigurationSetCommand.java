package org.spinor.cli.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.api.ConfigurationEdit;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor config set}. */
@Command(
    name = "set",
    description = {
      "Change values in the configuration, in one version; for CSAdministrator.",
      "Comments, order and everything else in the text stay as they are."
    },
    footer = {
      "",
      "Values are YAML: 12, text, [a, b], {Key: value}. Quote them for the shell.",
      "Sections that are missing are made. A slash within a name is written \\/.",
      "",
      "Examples:",
      "  spinor config set Registry/lhcb/Groups/user/JobShare 2000 --reason 'more users'",
      "  spinor config set Operations/lhcb/JobDescription/AllowedJobTypes '[User, Test]' \\",
      "      Operations/lhcb/JobDescription/MaxPriority 20 --reason 'as agreed'",
      "  spinor config set Resources/Sites/LCG.CERN.ch - --reason 'a new site' < site.yml"
    })
final class ConfigurationSetCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      paramLabel = "PATH VALUE [PATH VALUE]...",
      hideParamSyntax = true,
      arity = "2..*",
      description = "Where, and what shall stand there; - is the standard input.")
  private List<String> arguments = new ArrayList<>();

  @Mixin private ReasonOption reason = new ReasonOption();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationSetCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (arguments.size() % 2 != 0) {
      throw Failure.usage(
          "'%s' has no value".formatted(arguments.getLast()),
          "give pairs of path and value; quote values with blanks in them");
    }
    List<ConfigurationEdit.Setting> settings = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      String value = arguments.get(i + 1);
      settings.add(
          new ConfigurationEdit.Setting(
              ConfigurationText.names(arguments.get(i)),
              value.equals("-")
                  ? new String(context.terminal().in().readAllBytes(), StandardCharsets.UTF_8)
                  : value));
    }
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
