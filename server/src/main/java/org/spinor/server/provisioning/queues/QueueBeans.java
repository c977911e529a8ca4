package org.spinor.server.provisioning.queues;

import java.time.Duration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningBeans;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.PilotPackages;
import org.spinor.server.provisioning.elements.TimedCalls;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the work on the queues. */
@Configuration(proxyBeanMethods = false)
class QueueBeans {
  private static final Duration LEASE = Duration.ofSeconds(60);

  @Bean
  QueueStates queueStates(
      JdbcClient jdbc,
      @Qualifier(ProvisioningBeans.SERVER_NAME) String server,
      Configurations configurations) {
    QueueStates states = new QueueStates(jdbc, server, LEASE);
    configurations.onChange(states.pauses()::endAll);
    return states;
  }

  @Bean
  QueueWork.Manner queueManner(TimedCalls calls, ProvisioningProperties properties) {
    return new QueueWork.Manner(calls, properties);
  }

  @Bean(destroyMethod = "close")
  QueueThreads queueThreads(
      Pilots pilots,
      Elements elements,
      PilotPackages packages,
      QueueStates states,
      SpoolBoard spools,
      QueueWork.Manner manner) {
    QueueWork work = new QueueWork(pilots, elements, packages, states, spools, manner);
    ProvisioningProperties properties = manner.properties();
    return new QueueThreads(work, states, pilots, properties, LEASE.dividedBy(3));
  }
}
