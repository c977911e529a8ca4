package org.spinor.cli.account;

import java.util.concurrent.Callable;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.Login;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor whoami}. */
@Command(
    name = "whoami",
    description = "Show as whom the server sees you.",
    footer = {"", "Example:", "  spinor whoami --output json"})
public final class WhoamiCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  WhoamiCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = server.open(context);
    Login.UserInfo who = session.client().login().userInfo();
    Terminal terminal = context.terminal();
    output.print(
        terminal,
        who,
        () -> {
          terminal.out().println("User        " + Terminal.harmless(who.name()));
          terminal.out().println("VO          " + who.vo());
          terminal.out().println("Group       " + who.group());
          terminal.out().println("Properties  " + String.join(", ", who.properties()));
          terminal.out().println("Subject     " + who.sub());
          terminal.out().println("Server      " + session.server());
        });
    return ExitCode.DONE;
  }
}
