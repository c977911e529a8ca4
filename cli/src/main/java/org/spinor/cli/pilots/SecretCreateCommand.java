package org.spinor.cli.pilots;

import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineSecretInfo;
import org.spinor.api.MachineSecretRequest;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor pilots secret create}. */
@Command(
    name = "create",
    description = {
      "Make a secret with which machines join by themselves, and print it: this once.",
      "",
      "Whoever has it can run pilots of that VO in that queue, within the limits, and nothing else."
    },
    footer = {
      "",
      "Example:",
      "  spinor pilots secret create --vo biomed --site VAC.Cloud.org --expires 90d --max-machines 50 > vo-secret"
    })
final class SecretCreateCommand implements Callable<Integer> {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})([smhd])");

  private final Context context;

  @Option(
      names = "--site",
      paramLabel = "SITE",
      required = true,
      description = "The site that the machines belong to.")
  private String site = "";

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description = "QUEUE or CE/QUEUE (default: the only one of the site for machines).")
  private @Nullable String queue;

  @Option(
      names = "--vo",
      paramLabel = "VO",
      description = "Whose pilots they run (default: the only VO that may use the queue).")
  private @Nullable String vo;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      defaultValue = "30d",
      description =
          "No machine joins with it after so long, as 12h or 90d (default: ${DEFAULT-VALUE}).")
  private String expires = "30d";

  @Option(
      names = "--max-machines",
      paramLabel = "N",
      description = "So many with it at the same time (default: as many as the queue takes).")
  private @Nullable Integer maxMachines;

  @Option(names = "--note", paramLabel = "TEXT", description = "What it is for.")
  private @Nullable String note;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  SecretCreateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    MachineSecretRequest request =
        new MachineSecretRequest(vo, site, queue, seconds(expires), maxMachines, note);
    MachineSecretInfo made = server.open(context).client().machines().createSecret(request);
    output.print(
        context.terminal(),
        made,
        () -> {
          context.terminal().out().println(made.secret());
          context
              .terminal()
              .say(
                  "secret %d, for VO %s at %s (%s/%s), until %s; it is shown this once"
                      .formatted(
                          made.id(),
                          made.vo(),
                          made.site(),
                          made.ce(),
                          made.queue(),
                          Times.shown(made.expires().toString(), context.zone())));
        });
    return ExitCode.DONE;
  }

  private static long seconds(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw Failure.usage("--expires takes a time such as 12h or 90d, not '" + text + "'");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> count * 60;
      case "h" -> count * 3600;
      case "d" -> count * 86_400;
      default -> count;
    };
  }
}
