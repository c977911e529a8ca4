package org.spinor.server.matching.index;

import java.util.random.RandomGenerator;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Notifications;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.shares.ShareBook;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.usage.UsageTable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the index and what keeps it in step. */
@Configuration(proxyBeanMethods = false)
class IndexBeans {
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
}
