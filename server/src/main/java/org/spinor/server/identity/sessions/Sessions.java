package org.spinor.server.identity.sessions;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.people.Scope;
import org.spinor.server.identity.tokens.IdentityProperties;
import org.spinor.server.identity.tokens.InvalidTokenException;
import org.spinor.server.identity.tokens.TokenReader;
import org.spinor.server.identity.tokens.Tokens;
import org.springframework.stereotype.Component;

/**
 * Logins and what follows from them: an access token for a while, a refresh token that is spent by
 * its first use. A spent one that comes again was stolen, or its successor was: then every session
 * of the user ends.
 */
@Component
public final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);
  private static final String REUSED =
      "Revoked refresh token reused: potential attack detected. You must authenticate again";

  private final People people;
  private final RefreshTokens refreshTokens;
  private final Tokens tokens;
  private final TokenReader reader;
  private final IdentityProperties properties;

  /**
   * @param id the number of its first refresh token
   */
  public record Opened(UUID id, TokenResponse response) {}

  Sessions(
      People people,
      RefreshTokens refreshTokens,
      Tokens tokens,
      TokenReader reader,
      IdentityProperties properties) {
    this.people = people;
    this.refreshTokens = refreshTokens;
    this.tokens = tokens;
    this.reader = reader;
    this.properties = properties;
  }

  /**
   * Begins a session of somebody who has proved to be who they are.
   *
   * @param subject at the identity provider, without the VO
   * @throws SpinorException 403 the configuration does not let the user be this
   */
  public Opened open(Scope scope, String subject) {
    return open(people.person(scope, subject), scope, properties.refreshTokenLife(), false);
  }

  /**
   * Begins a session for an old DIRAC, which answers for its user.
   *
   * @param life of the refresh token, which is not spent by use
   */
  public TokenResponse openLegacy(Scope scope, String subject, Duration life) {
    return open(people.person(scope, subject), scope, life, true).response();
  }

  private Opened open(Person person, Scope scope, Duration life, boolean legacy) {
    UUID id = tokens.newId();
    Instant end = tokens.end(life);
    refreshTokens.add(id, person.subject(), scope.text(), end);
    return new Opened(id, response(person, tokens.refresh(id, end, legacy)));
  }

  /**
   * Trades a refresh token for an access token and a new refresh token that ends when the old one
   * would have.
   */
  public TokenResponse refresh(String token) {
    TokenReader.Refresh claims = read(token);
    RefreshTokens.Row row =
        refreshTokens
            .find(claims.id())
            .orElseThrow(() -> notAuthenticated("Unknown refresh token. You must log in again"));
    if (!row.good()) {
      throw reused(row);
    }
    Person person = stillAllowed(row);
    if (claims.legacy()) {
      return response(person, token);
    }
    UUID successor = tokens.newId();
    if (!refreshTokens.rotate(row.jti(), successor)) {
      throw reused(row); // somebody else spent it in this moment
    }
    return response(person, tokens.refresh(successor, claims.expires(), false));
  }

  /** Ends a session, and says which. Whatever is no good refresh token needs no ending. */
  public Optional<UUID> revoke(String token) {
    try {
      UUID id = reader.refresh(token).id();
      refreshTokens.revoke(id);
      return Optional.of(id);
    } catch (InvalidTokenException e) {
      log.debug("nothing to revoke: {}", e.reason());
      return Optional.empty();
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

  /** Ends what came of one login. */
  public void revokeLogin(UUID login) {
    refreshTokens.revokeLogin(login);
  }

  private Person stillAllowed(RefreshTokens.Row row) {
    Scope scope;
    try {
      scope = people.scope(row.scope());
    } catch (SpinorException e) {
      // it was good at the login: VO, group or property are gone since
      throw new SpinorException(ErrorCode.FORBIDDEN, String.valueOf(e.getMessage()));
    }
    return people.person(scope, row.subject().substring(scope.vo().length() + 1));
  }

  private SpinorException reused(RefreshTokens.Row row) {
    int ended = refreshTokens.revokeAllOf(row.subject());
    SecurityLog.alarm(row.subject(), "a spent refresh token came again; sessions ended: " + ended);
    return notAuthenticated(REUSED);
  }

  private TokenResponse response(Person person, String refreshToken) {
    return new TokenResponse(
        tokens.forPerson(person, properties.accessTokenLife()),
        Math.toIntExact(properties.accessTokenLife().toSeconds()),
        "Bearer",
        refreshToken);
  }

  private static SpinorException notAuthenticated(String text) {
    return new SpinorException(ErrorCode.NOT_AUTHENTICATED, text);
  }
}
