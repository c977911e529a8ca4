package org.spinor.server.provisioning.trials;

import java.time.Clock;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.TrialPilots;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.PilotPackages;
import org.spinor.server.provisioning.elements.Places;
import org.spinor.server.provisioning.elements.TimedCalls;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.tasks.Tasks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the tests of sites. */
@Configuration(proxyBeanMethods = false)
class TrialBeans {

  @Bean
  SiteTests siteTests(JdbcClient jdbc) {
    return new SiteTests(jdbc);
  }

  @Bean
  TrialChecks trialChecks(
      SiteTests tests,
      Configurations configurations,
      SiteStatuses statuses,
      QueueStates states,
      Elements elements,
      PilotPackages packages,
      EdgeCheck edge) {
    return new TrialChecks(tests, configurations, statuses, states, elements, packages, edge);
  }

  @Bean
  EdgeCheck edgeCheck(
      SiteTests tests, Elements elements, SpoolBoard spools, TrialChecks.CallTimer timer) {
    return new EdgeCheck(tests, elements, spools, timer);
  }

  @Bean
  TrialChecks.CallTimer callTimer(TimedCalls calls, Clock clock) {
    return new TrialChecks.CallTimer(calls, clock);
  }

  @Bean
  TrialFlight.Means flightMeans(TimedCalls calls, Transactions transactions, Clock clock) {
    return new TrialFlight.Means(calls, transactions, clock);
  }

  @Bean
  TrialFlight trialFlight(
      SiteTests tests,
      TrialPilots trialPilots,
      Pilots pilots,
      Elements elements,
      PilotPackages packages,
      QueueStates states,
      TrialFlight.Means means) {
    return new TrialFlight(tests, trialPilots, pilots, elements, packages, states, means);
  }

  @Bean
  QueueTester queueTester(
      SiteTests tests,
      Places places,
      TrialChecks checks,
      TrialFlight flight,
      Tasks tasks,
      Transactions transactions,
      Clock clock) {
    return new QueueTester(tests, places, checks, flight, tasks, transactions, clock);
  }
}
