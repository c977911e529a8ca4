package org.spinor.server.provisioning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.PilotFiles;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.resources.Sites;
import org.spinor.server.tasks.Tasks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires provisioning. */
@Configuration(proxyBeanMethods = false)
class ProvisioningBeans {

  @Bean
  Plugins computingPlugins(InstallationProperties installation, DataFolder data) {
    return Plugins.installed(
        installation.shippedPlugins(),
        installation.plugins().isEmpty()
            ? data.path().resolve("plugins")
            : Path.of(installation.plugins()));
  }

  @Bean(destroyMethod = "close")
  Elements computingElements(
      Plugins plugins, DataFolder data, Clock clock, ProvisioningProperties properties) {
    return new Elements(plugins, data, clock, properties.callTimeout());
  }

  @Bean
  QueueStates queueStates(JdbcClient jdbc, DataFolder data, ProvisioningProperties properties) {
    Duration lease = properties.callTimeout().multipliedBy(5).plusSeconds(30);
    return new QueueStates(jdbc, serverName(data), lease);
  }

  /** The name that the server keeps over restarts, so that it finds what it held. */
  private static String serverName(DataFolder data) {
    Path file = data.path().resolve("server-name");
    try {
      return Files.exists(file) ? Files.readString(file).strip() : UUID.randomUUID().toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Bean
  Places provisioningPlaces(Sites sites, Configurations configurations) {
    return new Places(sites, configurations);
  }

  @Bean(destroyMethod = "close")
  QueueThreads queueThreads(
      Pilots pilots,
      PilotFiles files,
      Elements elements,
      QueueStates states,
      InstallationProperties installation,
      ProvisioningProperties properties) {
    String server =
        properties.pilotServer().isEmpty() ? installation.issuer() : properties.pilotServer();
    QueueWork work =
        new QueueWork(
            pilots,
            elements,
            new PilotPackages(files, server, properties.pilotOptions(), properties.pilotCa()),
            states,
            new TimedCalls(properties.callTimeout()),
            properties);
    return new QueueThreads(work, states, pilots, properties);
  }

  @Bean
  ProvisioningCycle provisioningCycle(
      Places places,
      Demand demand,
      Pilots pilots,
      QueueStates states,
      QueueThreads threads,
      ProvisioningProperties properties,
      Clock clock) {
    return new ProvisioningCycle(places, demand, pilots, states, threads, properties, clock);
  }

  @Bean(destroyMethod = "close")
  DemandBell demandBell(Tasks tasks, ProvisioningCycle cycle, Configurations configurations) {
    DemandBell bell = new DemandBell(tasks, cycle);
    configurations.onChange(bell::ring);
    return bell;
  }
}
