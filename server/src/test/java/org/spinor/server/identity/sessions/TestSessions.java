package org.spinor.server.identity.sessions;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.tokens.TestTokens;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sessions in a test's database, for the tests of other floors. */
public final class TestSessions {
  private TestSessions() {}

  /** As a server that has just been started has them: it remembers nothing. */
  public static Sessions of(People people, JdbcClient jdbc, TestTokens tokens) {
    return new Sessions(
        people, new RefreshTokens(jdbc), tokens.tokens(), tokens.reader(), tokens.properties());
  }

  public static void add(JdbcClient jdbc, UUID id, String subject, String scope, Instant expires) {
    new RefreshTokens(jdbc).add(id, subject, scope, expires);
  }

  /** The good ones, newest first. */
  public static List<UUID> ofSubject(JdbcClient jdbc, String subject) {
    return new RefreshTokens(jdbc).ofSubject(subject).stream().map(RefreshTokens.Row::jti).toList();
  }
}
