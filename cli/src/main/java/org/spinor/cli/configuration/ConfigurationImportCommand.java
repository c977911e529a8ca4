package org.spinor.cli.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationEdit;
import org.spinor.api.ConfigurationImport;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Table;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Confirmation;
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

/** {@code spinor config import}. */
@Command(
    name = "import",
    description = {
      "Convert a configuration of DIRAC (.cfg), with a report of all that was not taken.",
      "Without --check and --to it replaces the server's configuration; for CSAdministrator."
    },
    footer = {
      "",
      "Who is who: DIRAC knows users by DN, identity providers by subject (sub). --subjects is a",
      "YAML file with one line for each user, name or DN: sub. --conversion is the YAML that",
      "DIRAC's cs-sync to DiracX takes (VOs.<vo>: DefaultGroup, IdP, Support, UserSubjects);",
      "without it /DiracX/CsSync of the cfg counts. Users without a subject have their user name",
      "as subject, or are left out with --leave-out.",
      "",
      "Exit codes: 0 the result is valid, 1 it has problems (all are shown).",
      "",
      "Examples:",
      "  spinor config import dirac.cfg --check",
      "  spinor config import dirac.cfg --subjects subs.yml --to spinor.yml",
      "  spinor config import dirac.cfg --conversion convert.yml --reason 'moving from DIRAC'"
    })
final class ConfigurationImportCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "FILE", description = "The configuration of DIRAC.")
  private String file = "";

  @Option(names = "--check", description = "Only report; change nothing.")
  private boolean check;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Write the result to a file instead of into the server; - is the output.")
  private @Nullable String to;

  @Option(names = "--subjects", paramLabel = "FILE", description = "Users and their subjects.")
  private @Nullable String subjects;

  @Option(names = "--conversion", paramLabel = "FILE", description = "The rules of cs-sync.")
  private @Nullable String conversion;

  @Option(names = "--leave-out", description = "Leave users without a subject out.")
  private boolean leaveOut;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      description = "Why; kept with the version (default: Imported from FILE).")
  private @Nullable String reason;

  @Mixin private Confirmation confirmation = new Confirmation();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ConfigurationImportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Configuration configuration = server.open(context).client().configuration();
    ConfigurationImport.Imported result =
        configuration.convert(
            new ConfigurationImport(
                Files.readString(context.file(file)), read(conversion), read(subjects), leaveOut));
    boolean onOutput = "-".equals(to);
    Terminal terminal = context.terminal();
    if (onOutput) {
      terminal.out().print(result.yaml());
      terminal.out().flush();
    } else {
      output.print(terminal, result, () -> report(terminal, result));
    }
    if (to != null && !onOutput) {
      Files.writeString(context.file(to), result.yaml());
      terminal.say("written to " + to);
    }
    if (!result.problems().isEmpty()) {
      if (to == null && !check) {
        throw new Failure(
            ExitCode.FAILED,
            "nothing was changed: the result would not be taken as it is",
            "write it to a file (--to FILE), mend it there, then: spinor config check FILE");
      }
      return ExitCode.FAILED;
    }
    if (to == null && !check) {
      replace(configuration, result);
    }
    return ExitCode.DONE;
  }

  private @Nullable String read(@Nullable String name) throws IOException {
    return name == null ? null : Files.readString(context.file(name));
  }

  private void replace(Configuration configuration, ConfigurationImport.Imported result) {
    String base = configuration.text(null).revision();
    confirmation.require(
        context, "replace the whole configuration of the server (version %s)".formatted(base));
    ConfigurationEdit.Done done =
        configuration.replace(
            base, result.yaml(), reason == null ? "Imported from " + file : reason, false);
    context
        .terminal()
        .say(
            "version %s is in force; %d values differ from before"
                .formatted(ConfigurationText.shortened(done.revision()), done.changes().size()));
  }

  private static void report(Terminal terminal, ConfigurationImport.Imported result) {
    int left = result.leftOut().stream().mapToInt(ConfigurationImport.LeftOut::options).sum();
    terminal.out().println("%d options taken, %d not".formatted(result.taken(), left));
    if (!result.leftOut().isEmpty()) {
      Table table = new Table("Not taken", "Options", "Why");
      result.leftOut().forEach(part -> table.row(part.path(), part.options(), part.reason()));
      terminal.out().println();
      table.print(terminal);
    }
    if (!result.notes().isEmpty()) {
      terminal.out().println();
      terminal.out().println("Look at these:");
      result.notes().forEach(note -> terminal.out().println("  " + Terminal.harmless(note)));
    }
    terminal.out().println();
    if (result.problems().isEmpty()) {
      terminal.out().println(terminal.styled(Style.GREEN, "the result is valid"));
    } else {
      terminal
          .out()
          .println(
              terminal.styled(
                  Style.RED, ConfigurationText.problems(result.problems()) + " in the result"));
      result
          .problems()
          .forEach(problem -> terminal.out().println("  " + Terminal.harmless(problem)));
    }
  }
}
