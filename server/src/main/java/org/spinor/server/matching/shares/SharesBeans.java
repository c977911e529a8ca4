package org.spinor.server.matching.shares;

import org.spinor.server.configuration.Configurations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the shares. */
@Configuration(proxyBeanMethods = false)
class SharesBeans {
  @Bean
  ShareBook shareBook(Configurations configurations) {
    return new ShareBook(configurations);
  }
}
