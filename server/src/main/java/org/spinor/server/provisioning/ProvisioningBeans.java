package org.spinor.server.provisioning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.configuration.ElementCheck;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.identity.TokenBroker;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.ElementOutput;
import org.spinor.server.pilots.PilotFiles;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.resources.Sites;
import org.spinor.server.tasks.Tasks;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires provisioning. */
@Configuration(proxyBeanMethods = false)
class ProvisioningBeans {
  /** The bean of the name that the server keeps over restarts, so that it finds what it held. */
  static final String SERVER_NAME = "serverName";

  @Bean
  Plugins computingPlugins(InstalledPlugins installed) {
    return Plugins.of(installed);
  }

  @Bean
  InstalledPlugins installedPlugins(InstallationProperties installation, DataFolder data) {
    return InstalledPlugins.below(
        installation.shippedPlugins(),
        installation.plugins().isEmpty()
            ? data.path().resolve("plugins")
            : Path.of(installation.plugins()));
  }

  @Bean(destroyMethod = "close")
  Elements computingElements(
      Plugins plugins,
      TokenBroker broker,
      OperatorSecrets secrets,
      DataFolder data,
      Clock clock,
      ProvisioningProperties properties) {
    return new Elements(plugins, broker, secrets, data, clock, properties.callTimeout());
  }

  @Bean
  QueueStates queueStates(
      JdbcClient jdbc,
      @Qualifier(SERVER_NAME) String server,
      ProvisioningProperties properties,
      Configurations configurations) {
    Duration lease = properties.callTimeout().multipliedBy(5).plusSeconds(30);
    QueueStates states = new QueueStates(jdbc, server, lease);
    configurations.onChange(states.pauses()::endAll);
    return states;
  }

  @Bean(SERVER_NAME)
  String serverName(DataFolder data) {
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

  @Bean
  PilotPackages pilotPackages(
      PilotFiles files, InstallationProperties installation, ProvisioningProperties properties) {
    String server =
        properties.pilotServer().isEmpty() ? installation.issuer() : properties.pilotServer();
    return new PilotPackages(files, server, properties.pilotOptions(), properties.pilotCa());
  }

  @Bean
  TimedCalls elementCalls(ProvisioningProperties properties) {
    return new TimedCalls(properties.callTimeout());
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
    return new QueueThreads(work, states, pilots, properties);
  }

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

  @Bean
  ElementOutput elementOutput(Places places, Elements elements, TimedCalls calls) {
    return new ElementOutputs(places, elements, calls);
  }

  @Bean
  ElementCheck elementCheck(Plugins plugins, Configurations configurations) {
    ParameterCheck check = new ParameterCheck(plugins);
    check.say(configurations);
    configurations.onChange(() -> check.say(configurations));
    return check;
  }

  @Bean(destroyMethod = "close")
  DemandBell demandBell(Tasks tasks, ProvisioningCycle cycle, Configurations configurations) {
    DemandBell bell = new DemandBell(tasks, cycle);
    configurations.onChange(bell::ring);
    return bell;
  }
}
