package org.spinor.server.provisioning.cycle;

import java.time.Clock;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.Places;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.server.provisioning.queues.QueueThreads;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.tasks.Tasks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the cycle, and what operators see of it. */
@Configuration(proxyBeanMethods = false)
class CycleBeans {

  @Bean
  PlanMaker planMaker(
      Places places,
      Demand demand,
      Pilots pilots,
      QueueStates states,
      ProvisioningProperties properties,
      Clock clock) {
    return new PlanMaker(
        places, demand, pilots, new Patience(properties.patience()), states.pauses(), clock);
  }

  @Bean
  ProvisioningCycle provisioningCycle(
      PlanMaker plans,
      Pilots pilots,
      QueueStates states,
      QueueThreads threads,
      ProvisioningProperties properties,
      Clock clock) {
    return new ProvisioningCycle(plans, pilots, states, threads, properties, clock);
  }

  @Bean
  QueueBoard queueBoard(
      PlanMaker plans,
      Pilots pilots,
      QueueStates states,
      SiteStatuses statuses,
      SpoolBoard spools) {
    return new QueueBoard(plans, pilots, states, statuses, spools);
  }

  @Bean(destroyMethod = "close")
  DemandBell demandBell(Tasks tasks, ProvisioningCycle cycle, Configurations configurations) {
    DemandBell bell = new DemandBell(tasks, cycle);
    configurations.onChange(bell::ring);
    return bell;
  }
}
