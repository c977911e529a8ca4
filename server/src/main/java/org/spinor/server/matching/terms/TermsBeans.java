package org.spinor.server.matching.terms;

import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the classes of requirements. */
@Configuration(proxyBeanMethods = false)
class TermsBeans {
  @Bean(destroyMethod = "close")
  ClassStore classStore(JdbcClient jdbc, Transactions transactions, Configurations configurations) {
    return new ClassStore(jdbc, transactions, configurations);
  }
}
