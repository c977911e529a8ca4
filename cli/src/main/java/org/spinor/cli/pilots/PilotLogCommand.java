package org.spinor.cli.pilots;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.spinor.api.PilotStatus;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Pilots;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor pilots log}. */
@Command(
    name = "log",
    description = {
      "Print what a pilot said.",
      "",
      "With --batch, or where a pilot has ended without a word, also what the batch system has of its output:"
          + " why it never began, or what killed it."
    },
    footer = {
      "",
      "Examples:",
      "  spinor pilots log 4f2a9c",
      "  spinor pilots log 4f2a9c --follow",
      "  spinor pilots log 4f2a9c --batch"
    })
final class PilotLogCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Context context;

  @Parameters(paramLabel = "STAMP", description = "The pilot's stamp, as 'pilots list' shows it.")
  private String stamp = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the pilot has ended.")
  private boolean follow;

  @Option(
      names = {"-b", "--batch"},
      description = "Print the batch system's output of the pilot too.")
  private boolean batch;

  @Mixin private ServerOption server = new ServerOption();

  PilotLogCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Pilots pilots = server.open(context).client().pilots();
    long offset = print(pilots, 0);
    while (follow) {
      // the state first: what an ended pilot said last is then surely in the log
      boolean ended =
          PilotStatus.valueOf(pilots.show(stamp).path("Status").asString("Unknown")).isFinal();
      offset = print(pilots, offset);
      if (ended) {
        break;
      }
      Thread.sleep(PAUSE);
    }
    if (batch || offset == 0) {
      String output = pilots.output(stamp);
      context.terminal().out().print(Terminal.harmless(output));
      context.terminal().out().flush();
      if (output.isEmpty()) {
        context
            .terminal()
            .say(
                offset == 0
                    ? "pilot " + stamp + " has said nothing, and its element has no output of it"
                    : "its element has no output of it");
      }
    }
    return ExitCode.DONE;
  }

  private long print(Pilots pilots, long offset) {
    String text = pilots.log(stamp, offset);
    context.terminal().out().print(Terminal.harmless(text));
    context.terminal().out().flush();
    return offset + text.getBytes(StandardCharsets.UTF_8).length;
  }
}
