package org.spinor.server.identity.accounts;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.GuessLimit;
import org.spinor.server.identity.GuessLimit.Name;
import org.spinor.server.identity.accounts.Accounts.Account;
import org.springframework.stereotype.Component;

/** The built-in identity provider: names and passwords of local accounts. */
@Component
public final class LocalLogins {
  private static final int FAILURES_OF_USER_AT_ADDRESS = 5;
  private static final int FAILURES_OF_USER = 30;
  private static final int FAILURES_AT_ADDRESS = 50;

  private final Accounts accounts;
  private final Passwords passwords;
  private final GuessLimit limit;

  LocalLogins(Accounts accounts, Passwords passwords, Clock clock) {
    this.accounts = accounts;
    this.passwords = passwords;
    int atOnce = Runtime.getRuntime().availableProcessors();
    this.limit = new GuessLimit(Duration.ofMinutes(5), atOnce, clock);
  }

  /**
   * The account's subject.
   *
   * @param address whose guesses are counted
   * @throws SpinorException 401 name or password is wrong, 403 the account is closed, 429 with
   *     {@code Retry-After}
   */
  public String subject(
      String vo, String username, String password, String address, HttpServletResponse response) {
    List<Name> names =
        List.of(
            new Name("user " + username + " at " + address, FAILURES_OF_USER_AT_ADDRESS),
            new Name("user " + username, FAILURES_OF_USER),
            new Name("address " + address, FAILURES_AT_ADDRESS));
    return limit.attempt(names, response, () -> subject(vo, username, password));
  }

  /** The same without a limit. */
  String subject(String vo, String username, String password) {
    Optional<Account> account = accounts.find(vo, username);
    if (!passwords.matches(password, account.map(Account::passwordHash))) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Invalid username or password");
    }
    Account known = account.orElseThrow();
    if (known.disabled()) {
      throw new SpinorException(ErrorCode.FORBIDDEN, "The account " + username + " is disabled");
    }
    return known.subject();
  }
}
