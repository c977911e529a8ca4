package org.spinor.cli.pilots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code spinor pilots run}: fetches the server's bootstrap and becomes what that starts, so that a
 * machine with a checkout and one without run the same program, the server's.
 */
@Command(
    name = "run",
    description = {
      "Make this machine run pilots, one after the other.",
      "",
      "The first time it shows a code; an operator lets it in with 'spinor pilots approve CODE"
          + " --site SITE', for good. With a secret of the VO no operator is asked. SIGTERM and"
          + " Ctrl-C stop it in good order."
    },
    footer = {
      "",
      "Examples:",
      "  spinor pilot run --server https://spinor.example.org:8000",
      "  spinor pilot run --server https://spinor.example.org:8000 --site VAC.Desks.org -- --cores=4",
      "",
      "The same on a machine without Spinor:",
      "  curl -fsS https://spinor.example.org:8000/pilot/bootstrap.sh | sh -s -- run --server https://spinor.example.org:8000"
    })
final class PilotRunCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"--server", "--url"},
      paramLabel = "URL",
      description = "The server (default: SPINOR_URL, DIRACX_URL, or " + Session.DEFAULT_URL + ").")
  private @Nullable String url;

  @Option(
      names = "--site",
      paramLabel = "SITE",
      description = "Where this machine should be; the operator decides.")
  private @Nullable String site;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "How people call this machine (default: its host name).")
  private @Nullable String name;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "A secret of the VO ('spinor pilots secret create').")
  private @Nullable String secretFile;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "What the machine keeps over restarts (default: below ~/.local/state/spinor).")
  private @Nullable String state;

  @Option(
      names = "--idle",
      paramLabel = "TIME",
      description = "End after so long without a pilot to run, as 30m (default: never).")
  private @Nullable String idle;

  @Option(
      names = "--stop-grace",
      paramLabel = "TIME",
      description = "When stopped, jobs may go on for so long (default: 60s).")
  private @Nullable String stopGrace;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificates (PEM) to trust besides the usual ones.")
  private @Nullable String ca;

  @Parameters(paramLabel = "PILOT-OPTION", description = "After --: options of the pilots.")
  private List<String> pilotOptions = new ArrayList<>();

  PilotRunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = Session.open(context, url);
    Path script = script(session.client().machines().bootstrap());
    try {
      Process program =
          new ProcessBuilder(command(session, script))
              .directory(context.directory().toFile())
              .inheritIO()
              .start();
      Thread signal = new Thread(() -> end(program), "signal");
      Runtime.getRuntime().addShutdownHook(signal);
      int code = program.waitFor();
      return code == 0 ? ExitCode.DONE : code == 2 ? ExitCode.USAGE : ExitCode.FAILED;
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "sh cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILED, "interrupted");
    }
  }

  private static Path script(String text) {
    try {
      Path script = Files.createTempFile("spinor-bootstrap-", ".sh");
      Files.writeString(script, text);
      script.toFile().deleteOnExit();
      return script;
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "no file can be made: " + e.getMessage());
    }
  }

  private List<String> command(Session session, Path script) {
    List<String> command = new ArrayList<>(List.of("sh", script.toString(), "run"));
    option(command, "--server", session.server().toString());
    option(command, "--site", site);
    option(command, "--name", name);
    option(command, "--secret-file", secretFile);
    option(command, "--state", state);
    option(command, "--idle", idle);
    option(command, "--stop-grace", stopGrace);
    option(command, "--ca", ca);
    if (!pilotOptions.isEmpty()) {
      command.add("--");
      command.addAll(pilotOptions);
    }
    return command;
  }

  private static void option(List<String> command, String option, @Nullable String value) {
    if (value != null) {
      command.add(option + "=" + value);
    }
  }

  /** This process is told to end: so is the one that it stands for, and waited for. */
  private static void end(Process program) {
    program.destroy();
    try {
      program.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
