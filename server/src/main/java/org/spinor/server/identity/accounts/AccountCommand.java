package org.spinor.server.identity.accounts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.AdminCommand;
import org.spinor.server.CommandLine;
import org.spinor.server.WrongUseException;
import org.spinor.server.database.OperatorDatabase;
import org.spinor.server.identity.accounts.Accounts.Account;
import org.spinor.server.identity.sessions.RefreshTokens;
import org.spinor.server.web.DidYouMean;

/** {@code spinor admin account}: the local accounts. */
public final class AccountCommand implements AdminCommand {
  private static final Set<String> OPTIONS =
      Set.of("--data", "--db-url", "--vo", "--user", "--sub");
  private static final String FROM_STDIN = "--password-stdin";
  private static final List<String> ACTIONS = List.of("add", "password", "disable", "list");

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  /** As the command line uses it. */
  public AccountCommand() {
    this(System.in, System.out, System.err, System.getenv());
  }

  AccountCommand(
      InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  @Override
  public String name() {
    return "account";
  }

  @Override
  public String summary() {
    return "local accounts: add, password, disable, list";
  }

  @Override
  public String help() {
    return """
        Usage: spinor admin account add      --data DIR --vo V --user NAME [--sub S]
               spinor admin account password --data DIR --vo V --user NAME
               spinor admin account disable  --data DIR --vo V --user NAME
               spinor admin account list     --data DIR [--vo V]

        Accounts with a password, for the trial and for small groups without an identity provider.
        What a user may do stands in the configuration: a user of the VO with the key S, and the
        groups that name S.

          add        makes an account; prints its random password, unless you give one
          password   sets a new password, ends the user's sessions, opens a disabled account
          disable    ends the user's sessions and refuses new ones; tokens already given out live
                     for 20 minutes at most
          list       the accounts: VO, user name, subject, when made, whether disabled

          --data DIR         the server's data folder. Default: spinor-data
          --db-url URL       the server's external database, where it has one (or SPINOR_DB_URL)
          --sub S            key of the user in the configuration. Default: NAME
          --password-stdin   takes the password from the first line of stdin: %d characters or more
        """
        .formatted(Passwords.MIN_LENGTH);
  }

  @Override
  public int run(List<String> arguments) {
    CommandLine line = CommandLine.parse(arguments, OPTIONS, Set.of(FROM_STDIN));
    if (line.rest().size() != 1 || !ACTIONS.contains(line.rest().getFirst())) {
      String word = line.rest().isEmpty() ? "" : line.rest().getFirst();
      throw new WrongUseException(
          "expected one of add, password, disable, list%s (spinor admin account --help)"
              .formatted(DidYouMean.hint(word, ACTIONS)));
    }
    String action = line.rest().getFirst();
    String vo = action.equals("list") ? "" : required(line, "--vo");
    String username = action.equals("list") ? "" : required(line, "--user");
    Path data = Path.of(line.value("--data").orElse("spinor-data")).toAbsolutePath().normalize();
    String url =
        line.value("--db-url").orElseGet(() -> environment.getOrDefault("SPINOR_DB_URL", ""));
    try (OperatorDatabase database = OperatorDatabase.open(data, url)) {
      Accounts accounts = new Accounts(database.jdbc());
      RefreshTokens sessions = new RefreshTokens(database.jdbc());
      switch (action) {
        case "add" -> add(accounts, line, vo, username);
        case "password" -> {
          String password = password(line);
          String hash = new Passwords().hash(password);
          Account changed =
              accounts.password(vo, username, hash).orElseThrow(() -> unknown(vo, username));
          end(sessions, changed);
          tell(line, password);
        }
        case "disable" ->
            end(sessions, accounts.disable(vo, username).orElseThrow(() -> unknown(vo, username)));
        default -> list(accounts, line.value("--vo").orElse(""));
      }
    }
    return 0;
  }

  private void add(Accounts accounts, CommandLine line, String vo, String username) {
    String subject = line.value("--sub").orElse(username);
    String password = password(line);
    if (!accounts.add(vo, username, subject, new Passwords().hash(password))) {
      throw new SpinorException(
          ErrorCode.CONFLICT,
          ("the VO %s has an account %s already, or one with the subject %s; a new password for it:"
                  + " spinor admin account password")
              .formatted(vo, username, subject));
    }
    err.printf(
        "spinor: made the account %s of VO %s; what it may do: Registry.%s.Users.%s in the"
            + " configuration and the groups that name %s%n",
        username, vo, vo, subject, subject);
    tell(line, password);
  }

  private void end(RefreshTokens sessions, Account account) {
    int ended = sessions.revokeAllOf(account.vo() + ":" + account.subject());
    err.printf("spinor: done; sessions ended: %d%n", ended);
  }

  private void list(Accounts accounts, String vo) {
    String format = "%-16s %-20s %-36s %-20s %s%n";
    out.printf(format, "VO", "USERNAME", "SUBJECT", "CREATED", "STATE");
    for (Account account : accounts.all()) {
      if (vo.isEmpty() || vo.equals(account.vo())) {
        out.printf(
            Locale.ROOT,
            format,
            account.vo(),
            account.username(),
            account.subject(),
            account.created().truncatedTo(ChronoUnit.SECONDS),
            account.disabled() ? "disabled" : "open");
      }
    }
  }

  private String password(CommandLine line) {
    if (!line.has(FROM_STDIN)) {
      return Passwords.random();
    }
    try {
      String given =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      String password = given == null ? "" : given;
      Passwords.problem(password)
          .ifPresent(
              problem -> {
                throw new SpinorException(ErrorCode.INVALID_REQUEST, problem);
              });
      return password;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the password from stdin", e);
    }
  }

  private void tell(CommandLine line, String password) {
    if (!line.has(FROM_STDIN)) {
      out.println(password);
    }
  }

  private static String required(CommandLine line, String option) {
    return line.value(option)
        .filter(value -> !value.isBlank())
        .orElseThrow(
            () -> new WrongUseException(option + " is missing (spinor admin account --help)"));
  }

  private static SpinorException unknown(String vo, String username) {
    return new SpinorException(
        ErrorCode.NOT_FOUND,
        "the VO %s has no account %s (spinor admin account list)".formatted(vo, username));
  }
}
