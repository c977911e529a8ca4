package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.FixedConfigurations;
import org.spinor.server.identity.MovingClock;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.TestPeople;
import org.spinor.server.identity.sessions.RefreshTokens;
import org.spinor.server.identity.sessions.Sessions;
import org.spinor.server.identity.sessions.TestSessions;
import org.spinor.server.identity.tokens.TestTokens;

class ForgetOldSessionsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final MovingClock clock = new MovingClock();
  private final People people =
      TestPeople.of(FixedConfigurations.earthAndMars(), DATABASE.jdbc(), clock);
  private final Sessions sessions = TestSessions.of(people, DATABASE.jdbc(), new TestTokens(clock));

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void oldRowsAreForgotten() {
    UUID old = login();
    clock.move(Duration.ofDays(7));
    UUID recent = login();
    clock.move(Duration.ofHours(9));
    assertThat(sessionsKept()).containsExactlyInAnyOrder(old, recent);
    new ForgetOldSessions(
            new RefreshTokens(DATABASE.jdbc()), new LoginFlows(DATABASE.jdbc()), clock)
        .run("");
    assertThat(sessionsKept()).containsExactly(recent);
  }

  private UUID login() {
    return sessions.open(people.scope("vo:earth"), "s-alice").id();
  }

  private static List<UUID> sessionsKept() {
    return TestSessions.ofSubject(DATABASE.jdbc(), "earth:s-alice");
  }
}
