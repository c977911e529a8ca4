package org.spinor.server.matching.usage;

import java.time.Duration;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.matching.MatchingSettings;
import org.spinor.server.matching.MatchingTasks;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.resources.Sites;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what counts, and the counting that one server does for all. */
@Configuration(proxyBeanMethods = false)
class UsageBeans {
  @Bean
  LimitTable limitTable(JdbcClient jdbc, ClassStore classes, JobClaims claims, CurrentRules rules) {
    return new LimitTable(jdbc, classes, claims, rules);
  }

  @Bean
  SiteStates siteStates(Sites sites, CurrentRules rules, LimitTable limits) {
    return new SiteStates(sites, rules, limits);
  }

  @Bean
  UsageTable usageTable(JdbcClient jdbc, MatchingSettings settings) {
    return new UsageTable(jdbc, Duration.ofDays(settings.usageHalfLifeDays()));
  }

  @Bean
  EndedAttempts endedAttempts(
      Transactions transactions,
      ClassStore classes,
      CurrentRules rules,
      LimitTable limits,
      UsageTable usage) {
    return new EndedAttempts(transactions, classes, rules, limits, usage);
  }

  @Bean
  TaskHandler recountLimits(Transactions transactions, LimitTable limits) {
    return MatchingTasks.recurrent(
        "matching.recount-limits", Duration.ofMinutes(5), () -> transactions.run(limits::recount));
  }

  @Bean
  TaskHandler foldUsage(Transactions transactions, UsageTable usage) {
    return MatchingTasks.recurrent(
        "matching.fold-usage", Duration.ofSeconds(30), () -> transactions.run(usage::fold));
  }
}
