package org.spinor.cli.configuration;

import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Yaml;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code spinor config show}. */
@Command(
    name = "show",
    description = "Show the configuration with every default, or a part of it.",
    footer = {
      "",
      "Examples:",
      "  spinor config show",
      "  spinor config show Registry/spinor/Groups",
      "  spinor config show Operations --output json"
    })
final class ConfigurationShowCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "",
      description = "A section or an option, as Registry/spinor/Groups.")
  private String path = "";

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode found = server.open(context).client().configuration().show();
    StringBuilder walked = new StringBuilder();
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      JsonNode next = found.path(name);
      if (next.isMissingNode()) {
        List<String> known = found.propertyStream().map(java.util.Map.Entry::getKey).toList();
        throw new Failure(
            ExitCode.NOT_FOUND,
            "the configuration has no " + walked + name,
            known.isEmpty() ? "it has no sections there" : "it has: " + String.join(", ", known));
      }
      walked.append(name).append('/');
      found = next;
    }
    JsonNode shown = found;
    Terminal terminal = context.terminal();
    output.print(terminal, shown, () -> terminal.out().print(Terminal.harmless(Yaml.write(shown))));
    return ExitCode.DONE;
  }
}
