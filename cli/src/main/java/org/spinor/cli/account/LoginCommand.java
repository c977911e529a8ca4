package org.spinor.cli.account;

import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.cli.session.Confirmation;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.Credentials;
import org.spinor.client.Login;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code spinor login}. */
@Command(
    name = "login",
    description =
        "Log in with a browser, on this or another device, wherever the VO's users log in; or, with"
            + " --user, with an account of the server and its password. The login is kept in"
            + " ~/.cache/diracx (or DIRACX_CREDENTIALS_PATH) and shared with the DiracX client.",
    footer = {
      "",
      "Examples:",
      "  spinor login",
      "  spinor login --vo biomed --group admin --no-browser",
      "  spinor login --user admin --group admin",
      "  spinor login --user anna --vo biomed --password-stdin < password.txt"
    })
public final class LoginCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"-u", "--user", "--username"},
      paramLabel = "NAME",
      description = "Log in as this user of the server, with a password and without a browser.")
  private @Nullable String user;

  @Option(names = "--password-stdin", description = "Read the password from the standard input.")
  private boolean passwordFromInput;

  @Option(
      names = "--no-browser",
      description = "Only show the address to open, and open no browser here.")
  private boolean noBrowser;

  @Option(
      names = "--vo",
      paramLabel = "VO",
      description = "The virtual organisation; not needed where the server has one.")
  private @Nullable String vo;

  @Option(
      names = {"-g", "--group"},
      paramLabel = "GROUP",
      description = "The group to act in (default: the VO's default group).")
  private @Nullable String group;

  @Option(
      names = "--property",
      paramLabel = "PROPERTY",
      description = "A property to have besides those of the group (repeat for more).")
  private List<String> properties = new ArrayList<>();

  @Mixin private ServerOption server = new ServerOption();

  LoginCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Session session = server.open(context);
    Login login = session.client().login();
    String scope = scope(login.virtualOrganizations());
    TokenResponse tokens =
        user == null && !passwordFromInput
            ? new DeviceLogin(context, login).run(scope, !noBrowser)
            : withPassword(session, login, scope);
    Credentials credentials = session.store().save(tokens);
    if (credentials.refreshToken() == null) {
      context.terminal().say("the login cannot be renewed: it ends with its first token");
    }
    Login.UserInfo who = session.client().login().userInfo();
    context
        .terminal()
        .say(
            "logged in at "
                + session.server()
                + " as "
                + who.name()
                + ", VO "
                + who.vo()
                + ", group "
                + who.group());
    if (session.hasGivenToken()) {
      context.terminal().say("note: SPINOR_TOKEN is set and used instead of this login");
    }
    return ExitCode.DONE;
  }

  private TokenResponse withPassword(Session session, Login login, String scope) {
    String name = user == null ? ask("User: ") : user;
    try {
      return login.password(name, password(name, session), scope);
    } catch (SpinorException e) {
      if (e.code() == ErrorCode.NOT_AUTHENTICATED || e.code() == ErrorCode.INVALID_REQUEST) {
        throw new Failure(
            ExitCode.NOT_LOGGED_IN,
            "the server did not let " + name + " in: " + e.getMessage(),
            "the first start of a server says how its administrator logs in");
      }
      throw e;
    }
  }

  private String scope(JsonNode known) {
    List<String> names = known.propertyStream().map(java.util.Map.Entry::getKey).toList();
    String chosen = vo;
    if (chosen == null) {
      if (names.size() != 1) {
        throw Failure.usage("which VO?", "say --vo with one of: " + String.join(", ", names));
      }
      chosen = names.getFirst();
    } else if (!names.contains(chosen)) {
      throw Failure.usage("the server has no VO " + chosen, "it has: " + String.join(", ", names));
    }
    StringBuilder scope = new StringBuilder("vo:" + chosen);
    if (group != null) {
      List<String> groups =
          known
              .path(chosen)
              .path("groups")
              .propertyStream()
              .map(java.util.Map.Entry::getKey)
              .toList();
      if (!groups.contains(group)) {
        throw Failure.usage(
            "the VO " + chosen + " has no group " + group, "it has: " + String.join(", ", groups));
      }
      scope.append(" group:").append(group);
    }
    properties.forEach(property -> scope.append(" property:").append(property));
    return scope.toString();
  }

  private String password(String name, Session session) {
    if (passwordFromInput) {
      return Confirmation.readLine(context);
    }
    Console console = context.terminal().isInteractive() ? System.console() : null;
    if (console == null) {
      throw Failure.usage("no terminal to ask for the password on", "use --password-stdin");
    }
    char[] password = console.readPassword("Password of %s at %s: ", name, session.server());
    return password == null ? "" : new String(password);
  }

  private String ask(String question) {
    if (!context.terminal().isInteractive()) {
      throw Failure.usage("no terminal to ask for the user on", "use --user");
    }
    context.terminal().err().print(question);
    context.terminal().err().flush();
    return Confirmation.readLine(context).strip();
  }
}
