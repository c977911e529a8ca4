package org.spinor.server.matching.rules;

import org.spinor.server.configuration.Configurations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the rules. */
@Configuration(proxyBeanMethods = false)
class RulesBeans {
  @Bean
  CurrentRules currentRules(Configurations configurations) {
    return new CurrentRules(configurations);
  }
}
