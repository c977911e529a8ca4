package org.spinor.cli.account;

import java.util.concurrent.Callable;
import org.spinor.api.SpinorException;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.Credentials;
import org.spinor.client.ServerUnreachableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor logout}. */
@Command(
    name = "logout",
    description = "End the login, here and at the server.",
    footer = {"", "Example:", "  spinor logout"})
public final class LogoutCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private ServerOption server = new ServerOption();

  LogoutCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = server.open(context);
    String refreshToken = session.store().load().map(Credentials::refreshToken).orElse(null);
    if (refreshToken != null) {
      try {
        session.client().login().revoke(refreshToken);
      } catch (SpinorException | ServerUnreachableException e) {
        // the login is forgotten here all the same
        context.terminal().say("the server was not told: " + e.getMessage());
      }
    }
    session.store().clear();
    context.terminal().say("logged out; removed " + session.store().file());
    return ExitCode.DONE;
  }
}
