package org.spinor.cli.sites;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spinor.api.SiteInfo;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Sites;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor sites ban}. */
@Command(
    name = "ban",
    description = "Send no more pilots and jobs to sites; what runs there goes on.",
    footer = {"", "Example:", "  spinor sites ban LCG.CERN.ch --reason 'cooling is down'"})
final class SiteBanCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "SITE", arity = "1..*", description = "The sites' names.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      required = true,
      description = "Why; shown to everybody who asks.")
  private String reason = "";

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  SiteBanCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Sites sites = server.open(context).client().sites();
    List<SiteInfo> changed = names.stream().map(name -> sites.ban(name, reason)).toList();
    output.print(
        context.terminal(),
        changed,
        () ->
            changed.forEach(
                site -> context.terminal().out().println(site.name() + " is " + site.status())));
    return ExitCode.DONE;
  }
}
