package org.spinor.server.provisioning;

import java.time.Clock;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.TestPilots;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.tasks.Tasks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the tests of sites. */
@Configuration(proxyBeanMethods = false)
class TestBeans {

  @Bean
  SiteTests siteTests(JdbcClient jdbc) {
    return new SiteTests(jdbc);
  }

  @Bean
  TestChecks testChecks(
      SiteTests tests,
      Configurations configurations,
      SiteStatuses statuses,
      QueueStates states,
      Elements elements,
      PilotPackages packages,
      TestChecks.CallTimer timer) {
    return new TestChecks(tests, configurations, statuses, states, elements, packages, timer);
  }

  @Bean
  TestChecks.CallTimer callTimer(TimedCalls calls, Clock clock) {
    return new TestChecks.CallTimer(calls, clock);
  }

  @Bean
  TestFlight.Means flightMeans(TimedCalls calls, Transactions transactions, Clock clock) {
    return new TestFlight.Means(calls, transactions, clock);
  }

  @Bean
  TestFlight testFlight(
      SiteTests tests,
      TestPilots testPilots,
      Pilots pilots,
      Elements elements,
      PilotPackages packages,
      QueueStates states,
      TestFlight.Means means) {
    return new TestFlight(tests, testPilots, pilots, elements, packages, states, means);
  }

  @Bean
  QueueTester queueTester(
      SiteTests tests,
      Places places,
      TestChecks checks,
      TestFlight flight,
      Tasks tasks,
      Transactions transactions,
      Clock clock) {
    return new QueueTester(tests, places, checks, flight, tasks, transactions, clock);
  }
}
