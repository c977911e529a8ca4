package org.spinor.server.provisioning.spools;

import java.time.Duration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.provisioning.ProvisioningBeans;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.Places;
import org.spinor.server.tasks.Tasks;
import org.spinor.server.web.Loopback;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the spools that servers answer. */
@Configuration(proxyBeanMethods = false)
class SpoolBeans {
  private static final Duration LEASE = Duration.ofSeconds(30);

  @Bean
  SpoolFolders spoolFolders(Places places, Elements elements) {
    return new SpoolFolders(places, elements);
  }

  @Bean
  SpoolTable spoolTable(JdbcClient jdbc, @Qualifier(ProvisioningBeans.SERVER_NAME) String server) {
    return new SpoolTable(jdbc, server, LEASE);
  }

  @Bean
  SpoolBoard spoolBoard(SpoolTable table, SpoolFolders folders) {
    return new SpoolBoard(table, folders);
  }

  @Bean(destroyMethod = "close")
  SpoolRelays spoolRelays(
      SpoolTable table,
      SpoolFolders folders,
      Loopback loopback,
      @Qualifier(ProvisioningBeans.SERVER_NAME) String server) {
    return new SpoolRelays(table, folders, loopback::address, server, LEASE.dividedBy(3));
  }

  @Bean
  SpoolCare spoolCare(
      SpoolTable table,
      SpoolFolders folders,
      SpoolRelays relays,
      Tasks tasks,
      Configurations configurations) {
    configurations.onChange(() -> tasks.wake(SpoolCare.TYPE));
    return new SpoolCare(table, folders, relays);
  }
}
