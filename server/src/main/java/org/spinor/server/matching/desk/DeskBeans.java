package org.spinor.server.matching.desk;

import java.time.Duration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.MatchingTasks;
import org.spinor.server.matching.index.IndexFeed;
import org.spinor.server.matching.index.MatchingIndex;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.usage.LimitTable;
import org.spinor.server.matching.usage.SiteStates;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what pilots and provisioning ask. */
@Configuration(proxyBeanMethods = false)
class DeskBeans {
  @Bean(destroyMethod = "close")
  ClaimDesk claimDesk(
      Transactions transactions, JobClaims claims, LimitTable limits, CurrentRules rules) {
    return new ClaimDesk(transactions, claims, limits, rules);
  }

  @Bean
  KnownNodes knownNodes(JdbcClient jdbc) {
    return new KnownNodes(jdbc);
  }

  @Bean(destroyMethod = "close")
  RecentOffers recentOffers(JdbcClient jdbc, Transactions transactions, KnownNodes nodes) {
    return new RecentOffers(jdbc, transactions, nodes);
  }

  @Bean
  TaskHandler forgetOffers(RecentOffers offers) {
    return MatchingTasks.recurrent(
        "matching.forget-offers", Duration.ofMinutes(10), offers::forget);
  }

  @Bean
  MatchService.Places matchingPlaces(SiteStates states, CurrentRules rules, RecentOffers recent) {
    return new MatchService.Places(states, rules, recent);
  }

  @Bean
  Refusals refusals(MatchingIndex index) {
    return new Refusals(index);
  }

  /**
   * @param feed in it, because nobody may match before the line was counted
   */
  @Bean
  MatchService matchService(
      Configurations configurations,
      IndexFeed feed,
      WaitingJobs line,
      ClaimDesk desk,
      ClassStore classes,
      MatchService.Places places,
      Refusals refusals) {
    return new MatchService(configurations, feed.index(), line, desk, classes, places, refusals);
  }

  @Bean
  DemandService demandService(
      IndexFeed feed, SiteStates states, KnownNodes nodes, Configurations configurations) {
    return new DemandService(feed.index(), states, nodes, configurations);
  }
}
