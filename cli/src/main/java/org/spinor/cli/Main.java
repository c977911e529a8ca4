package org.spinor.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Complaint;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of the {@code spinor} command. */
public final class Main {
  private static final List<String> ROOT_OPTIONS = List.of("-h", "--help", "-V", "--version");
  private static final int WIDEST_HELP = 120;

  private Main() {}

  public static void main(String[] arguments) {
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      // asked by scripts, and often: without the parser it takes a third of the time
      System.out.println(new Version().getVersion()[0]);
      return;
    }
    int exitCode = run(Context.system(), arguments);
    System.out.flush();
    // not System.exit: nothing here needs shutdown hooks, and they cost time
    Runtime.getRuntime().exit(exitCode);
  }

  /** Runs one command line. */
  public static int run(Context context, String... words) {
    Terminal terminal = context.terminal();
    String[] arguments = withoutHelpWord(words);
    if (arguments.length > 0
        && arguments[0].startsWith("-")
        && !ROOT_OPTIONS.contains(arguments[0])) {
      complain(
          terminal,
          List.of(
              "'" + arguments[0] + "' is no option of spinor itself",
              "options come after the command, as in: spinor jobs list --url URL"));
      return ExitCode.USAGE;
    }
    CommandLine spinor =
        new CommandTree(context)
            .root(arguments)
            .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
            .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(terminal)))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpLongOptionsMaxWidth(30)
            .setUsageHelpWidth(Math.min(terminal.width(), WIDEST_HELP))
            .setParameterExceptionHandler((e, _) -> wrongUse(terminal, e))
            .setExecutionExceptionHandler((e, _, _) -> failed(context, e))
            .setExecutionStrategy(Main::execute);
    int exitCode = spinor.execute(arguments);
    context.end();
    terminal.out().flush();
    terminal.err().flush();
    return exitCode;
  }

  /** {@code help jobs list} is {@code jobs list --help}. */
  private static String[] withoutHelpWord(String[] words) {
    if (words.length == 0 || !words[0].equals("help")) {
      return words;
    }
    String[] asked = Arrays.copyOfRange(words, 1, words.length + 1);
    asked[words.length - 1] = "--help";
    return asked;
  }

  private static Ansi ansi(Terminal terminal) {
    return terminal.styled(Style.BOLD, "x").equals("x") ? Ansi.OFF : Ansi.ON;
  }

  /**
   * A command that only groups others shows them, and that this was not all that was to be said.
   */
  private static int execute(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (!(last.commandSpec().userObject() instanceof java.util.concurrent.Callable<?>)
        && !(last.commandSpec().userObject() instanceof Runnable)) {
      last.commandSpec().commandLine().usage(last.commandSpec().commandLine().getErr());
      return ExitCode.USAGE;
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int wrongUse(Terminal terminal, ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    List<String> lines = new ArrayList<>();
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      boolean option = word.startsWith("-");
      // by their own names: an alias of the same command is no other suggestion
      List<String> known =
          option
              ? List.copyOf(command.optionsMap().keySet())
              : command.subcommands().values().stream()
                  .map(CommandLine::getCommandName)
                  .distinct()
                  .toList();
      lines.add(
          "'"
              + word
              + "' is no "
              + (option ? "option" : "command")
              + " of "
              + command.qualifiedName());
      List<String> alike = Similar.to(option ? word.split("=", 2)[0] : word, known);
      if (!alike.isEmpty()) {
        lines.add("did you mean " + String.join(" or ", alike) + "?");
      }
    } else {
      lines.add(String.valueOf(e.getMessage()));
    }
    lines.add("see: " + command.qualifiedName() + " --help");
    complain(terminal, lines);
    return ExitCode.USAGE;
  }

  private static int failed(Context context, Exception e) {
    @Nullable Complaint complaint = Complaint.of(e);
    if (complaint != null && context.variable("SPINOR_DEBUG").isEmpty()) {
      complain(context.terminal(), complaint.lines());
      return complaint.exitCode();
    }
    complain(context.terminal(), List.of("a fault of this program; please report it:"));
    e.printStackTrace(context.terminal().err());
    return complaint == null ? ExitCode.FAILED : complaint.exitCode();
  }

  private static void complain(Terminal terminal, List<String> lines) {
    terminal.say(terminal.styledErr(Style.RED, "spinor: ") + Terminal.harmless(lines.getFirst()));
    lines.stream().skip(1).forEach(line -> terminal.say("  " + Terminal.harmless(line)));
  }
}
