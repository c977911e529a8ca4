package org.spinor.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spinor completion}. */
@Command(
    name = "completion",
    description = "Print a script that lets your shell complete commands and options.",
    footer = {
      "",
      "Examples:",
      "  spinor completion bash > ~/.local/share/bash-completion/completions/spinor",
      "  echo 'source <(spinor completion zsh)' >> ~/.zshrc",
      "  spinor completion fish > ~/.config/fish/completions/spinor.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells that can be served. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  private final Context context;

  @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  @Spec private CommandSpec spec;

  CompletionCommand(Context context) {
    this.context = context;
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    String script =
        switch (shell) {
          // the script of bash turns zsh's emulation on by itself
          case bash, zsh -> AutoComplete.bash("spinor", root);
          case fish -> fish(root);
        };
    context.terminal().out().print(script);
    context.terminal().out().flush();
    return ExitCode.DONE;
  }

  private static String fish(CommandLine root) {
    StringBuilder script = new StringBuilder("complete -c spinor -f\n");
    for (var entry : root.getSubcommands().entrySet()) {
      CommandSpec command = entry.getValue().getCommandSpec();
      if (command.usageMessage().hidden()) {
        continue;
      }
      String name = entry.getKey();
      line(script, "__fish_use_subcommand", name, description(command));
      options(script, "__fish_seen_subcommand_from " + name, command);
      StringBuilder all = new StringBuilder();
      entry.getValue().getSubcommands().keySet().forEach(sub -> all.append(' ').append(sub));
      for (var sub : entry.getValue().getSubcommands().entrySet()) {
        String within =
            "__fish_seen_subcommand_from " + name + "; and not __fish_seen_subcommand_from" + all;
        line(script, within, sub.getKey(), description(sub.getValue().getCommandSpec()));
        options(
            script,
            "__fish_seen_subcommand_from "
                + name
                + "; and __fish_seen_subcommand_from "
                + sub.getKey(),
            sub.getValue().getCommandSpec());
      }
    }
    return script.toString();
  }

  private static void line(StringBuilder script, String when, String word, String text) {
    script
        .append("complete -c spinor -n '")
        .append(when)
        .append("' -a ")
        .append(word)
        .append(" -d '")
        .append(text)
        .append("'\n");
  }

  private static void options(StringBuilder script, String when, CommandSpec command) {
    for (OptionSpec option : command.options()) {
      script.append("complete -c spinor -n '").append(when).append('\'');
      for (String name : option.names()) {
        script.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
      }
      script
          .append(option.arity().max() > 0 ? " -r" : "")
          .append(" -d '")
          .append(quoted(String.join(" ", option.description())))
          .append("'\n");
    }
  }

  private static String description(CommandSpec command) {
    return quoted(String.join(" ", command.usageMessage().description()));
  }

  private static String quoted(String text) {
    return String.format(Locale.ROOT, "%s", text).replace("\\", "\\\\").replace("'", "\\'");
  }
}
