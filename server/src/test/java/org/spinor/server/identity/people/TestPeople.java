package org.spinor.server.identity.people;

import java.time.Clock;
import org.spinor.server.configuration.Configurations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** People of a test's configuration, for the tests of other floors. */
public final class TestPeople {
  private TestPeople() {}

  public static People of(Configurations configurations, JdbcClient jdbc, Clock clock) {
    return new People(configurations, new ProvidedUsers(jdbc), clock);
  }
}
