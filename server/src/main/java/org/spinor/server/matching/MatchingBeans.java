package org.spinor.server.matching;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.resources.Sites;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the room. */
@Configuration(proxyBeanMethods = false)
class MatchingBeans {

  @Bean(destroyMethod = "close")
  ClassStore classStore(JdbcClient jdbc, Transactions transactions, Configurations configurations) {
    return new ClassStore(jdbc, transactions, configurations);
  }

  @Bean
  CurrentRules currentRules(Configurations configurations) {
    return new CurrentRules(configurations);
  }

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
  ShareBook shareBook(Configurations configurations) {
    return new ShareBook(configurations);
  }

  @Bean
  MatchingIndex matchingIndex(ShareBook shares, Configurations configurations) {
    MatchingIndex index = new MatchingIndex(shares, RandomGenerator.of("L64X128MixRandom"));
    configurations.onChange(index::rebuild);
    return index;
  }

  @Bean(destroyMethod = "close")
  IndexFeed indexFeed(
      MatchingIndex index,
      ClassStore classes,
      WaitingJobs line,
      ShareBook shares,
      UsageTable usage,
      Notifications notifications) {
    IndexFeed feed =
        new IndexFeed(
            index,
            classes,
            line,
            () -> {
              shares.update(usage.now());
              index.tidy(shares.corrects());
            });
    feed.start(notifications);
    return feed;
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

  @Bean
  TaskHandler forgetOffers(RecentOffers offers) {
    return MatchingTasks.recurrent(
        "matching.forget-offers", Duration.ofMinutes(10), offers::forget);
  }

  @Bean
  Explainer.Sources explainerSources(
      Jobs jobs,
      WaitingJobs line,
      ClassStore classes,
      Sites sites,
      SiteStates states,
      KnownNodes nodes) {
    return new Explainer.Sources(jobs, line, classes, sites, states, nodes);
  }

  @Bean
  Standing shareStanding(IndexFeed feed, ShareBook shares, ClassStore classes, JobClaims claims) {
    return new Standing(feed.index(), shares, classes, claims);
  }

  @Bean
  Explainer explainer(
      Explainer.Sources sources,
      Standing standing,
      RecentOffers recent,
      Configurations configurations) {
    return new Explainer(sources, standing, recent, configurations);
  }
}
