package org.spinor.server.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.Accounts.Account;
import org.springframework.stereotype.Component;

/**
 * Logins and what follows from them: an access token for a while, a refresh token that is spent by
 * its first use. A spent one that comes again was stolen, or its successor was: then every session
 * of the user ends.
 */
@Component
final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);
  private static final String REUSED =
      "Revoked refresh token reused: potential attack detected. You must authenticate again";

  private final Configurations configurations;
  private final Accounts accounts;
  private final Passwords passwords;
  private final RefreshTokens refreshTokens;
  private final Tokens tokens;
  private final TokenReader reader;
  private final IdentityProperties properties;

  Sessions(
      Configurations configurations,
      Accounts accounts,
      Passwords passwords,
      RefreshTokens refreshTokens,
      Tokens tokens,
      TokenReader reader,
      IdentityProperties properties) {
    this.configurations = configurations;
    this.accounts = accounts;
    this.passwords = passwords;
    this.refreshTokens = refreshTokens;
    this.tokens = tokens;
    this.reader = reader;
    this.properties = properties;
  }

  /**
   * Logs in to a local account.
   *
   * @throws SpinorException 400 the scope is wrong, 401 name or password is, 403 the configuration
   *     does not let the user be this
   */
  TokenResponse login(String username, String password, String scopeText) {
    Configuration configuration = configurations.current();
    Scope scope = Scope.parse(scopeText, configuration);
    Optional<Account> account = accounts.find(scope.vo(), username);
    if (!passwords.matches(password, account.map(Account::passwordHash))) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Invalid username or password");
    }
    Account known = account.orElseThrow();
    if (known.disabled()) {
      throw new SpinorException(ErrorCode.FORBIDDEN, "The account " + username + " is disabled");
    }
    Person person = Memberships.person(configuration, scope, known.subject());
    UUID id = tokens.newId();
    Instant end = tokens.end(properties.refreshTokenLife());
    refreshTokens.add(id, person.subject(), scope.text(), end);
    return response(person, id, end);
  }

  /**
   * Trades a refresh token for an access token and a new refresh token that ends when the old one
   * would have.
   */
  TokenResponse refresh(String token) {
    TokenReader.Refresh claims = read(token);
    RefreshTokens.Row row =
        refreshTokens
            .find(claims.id())
            .orElseThrow(() -> notAuthenticated("Unknown refresh token. You must log in again"));
    if (!row.good()) {
      throw reused(row);
    }
    Person person = stillAllowed(row);
    UUID successor = tokens.newId();
    if (!refreshTokens.rotate(row.jti(), successor)) {
      throw reused(row); // somebody else spent it in this moment
    }
    return response(person, successor, claims.expires());
  }

  /** Ends a session. Whatever is no good refresh token needs no ending. */
  void revoke(String token) {
    try {
      refreshTokens.revoke(reader.refresh(token).id());
    } catch (InvalidTokenException e) {
      log.debug("nothing to revoke: {}", e.reason());
    }
  }

  private TokenReader.Refresh read(String token) {
    try {
      return reader.refresh(token);
    } catch (InvalidTokenException e) {
      throw notAuthenticated(
          e.reason().equals(TokenReader.EXPIRED)
              ? "The refresh token has expired. You must log in again"
              : "Invalid refresh token");
    }
  }

  private Person stillAllowed(RefreshTokens.Row row) {
    Configuration configuration = configurations.current();
    Scope scope;
    try {
      scope = Scope.parse(row.scope(), configuration);
    } catch (SpinorException e) {
      // it was good at the login: VO, group or property are gone since
      throw new SpinorException(ErrorCode.FORBIDDEN, String.valueOf(e.getMessage()));
    }
    String subject = row.subject().substring(scope.vo().length() + 1);
    return Memberships.person(configuration, scope, subject);
  }

  private SpinorException reused(RefreshTokens.Row row) {
    int ended = refreshTokens.revokeAllOf(row.subject());
    SecurityLog.alarm(row.subject(), "a spent refresh token came again; sessions ended: " + ended);
    return notAuthenticated(REUSED);
  }

  private TokenResponse response(Person person, UUID refreshId, Instant end) {
    return new TokenResponse(
        tokens.forPerson(person, properties.accessTokenLife()),
        Math.toIntExact(properties.accessTokenLife().toSeconds()),
        "Bearer",
        tokens.refresh(refreshId, end));
  }

  private static SpinorException notAuthenticated(String text) {
    return new SpinorException(ErrorCode.NOT_AUTHENTICATED, text);
  }
}
