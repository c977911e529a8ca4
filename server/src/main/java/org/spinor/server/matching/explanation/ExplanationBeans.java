package org.spinor.server.matching.explanation;

import org.spinor.server.configuration.Configurations;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.desk.KnownNodes;
import org.spinor.server.matching.desk.RecentOffers;
import org.spinor.server.matching.index.IndexFeed;
import org.spinor.server.matching.shares.ShareBook;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.usage.SiteStates;
import org.spinor.server.resources.Sites;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the explanation. */
@Configuration(proxyBeanMethods = false)
class ExplanationBeans {
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
