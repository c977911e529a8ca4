package org.spinor.cli.configuration;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationState;
import org.spinor.api.SpinorException;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Yaml;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code spinor config show}. */
@Command(
    name = "show",
    description = {
      "Show the configuration with every default, or a part of it.",
      "Says so where the newest version is not in force because of its problems."
    },
    footer = {
      "",
      "Examples:",
      "  spinor config show",
      "  spinor config show Registry/spinor/Groups",
      "  spinor config show Operations --output json",
      "  spinor config show Registry --at 3f0c9ab1",
      "  spinor config show --text > config.yml      # as it was written; for CSAdministrator"
    })
final class ConfigurationShowCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "",
      description = "A section or an option, as Registry/spinor/Groups.")
  private String path = "";

  @Option(
      names = "--at",
      paramLabel = "REV",
      description = "The version of this commit, or of its first digits.")
  private @Nullable String revision;

  @Option(
      names = "--text",
      description = "The whole text as it was written, with comments and without defaults.")
  private boolean text;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Configuration configuration = server.open(context).client().configuration();
    Terminal terminal = context.terminal();
    if (text) {
      if (!path.isEmpty()) {
        throw Failure.usage("--text shows the whole text, without a path");
      }
      terminal.out().print(Terminal.harmless(configuration.text(revision).yaml()));
      terminal.out().flush();
      return ExitCode.DONE;
    }
    JsonNode shown =
        part(revision == null ? configuration.show() : document(configuration, revision));
    output.print(terminal, shown, () -> terminal.out().print(Terminal.harmless(Yaml.write(shown))));
    if (revision == null) {
      warn(configuration);
    }
    return ExitCode.DONE;
  }

  private static JsonNode document(Configuration configuration, String revision) {
    Configuration.Version version = configuration.version(revision);
    JsonNode document = version.document();
    if (document == null || document.isNull()) {
      List<String> problems = version.version().problems();
      throw new Failure(
          ExitCode.FAILED,
          "revision %s is not valid, so it cannot be shown with defaults (--text shows it as it is)"
              .formatted(version.version().revision()),
          problems.toArray(String[]::new));
    }
    return document;
  }

  /** Servers that do not tell (of DiracX) have nothing to warn of. */
  private void warn(Configuration configuration) {
    try {
      ConfigurationState.Rejected rejected = configuration.state().rejected();
      if (rejected != null) {
        Terminal terminal = context.terminal();
        terminal.say(
            terminal.styledErr(
                Style.YELLOW,
                "the newest version, %s, is not in force: %s"
                    .formatted(
                        rejected.revision(), ConfigurationText.problems(rejected.problems()))));
        rejected.problems().forEach(problem -> terminal.say("  " + Terminal.harmless(problem)));
      }
    } catch (SpinorException e) {
      // nothing to say
    }
  }

  private JsonNode part(JsonNode whole) {
    JsonNode found = whole;
    StringBuilder walked = new StringBuilder();
    for (String name : ConfigurationText.names(path)) {
      JsonNode next = found.path(name);
      if (next.isMissingNode()) {
        List<String> known = found.propertyStream().map(Map.Entry::getKey).toList();
        throw new Failure(
            ExitCode.NOT_FOUND,
            "the configuration has no " + walked + name,
            known.isEmpty() ? "it has no sections there" : "it has: " + String.join(", ", known));
      }
      walked.append(name).append('/');
      found = next;
    }
    return found;
  }
}
