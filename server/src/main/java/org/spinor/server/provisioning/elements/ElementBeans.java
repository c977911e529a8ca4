package org.spinor.server.provisioning.elements;

import java.time.Clock;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.configuration.ElementCheck;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.identity.TokenBroker;
import org.spinor.server.pilots.ElementOutput;
import org.spinor.server.pilots.PilotFiles;
import org.spinor.server.provisioning.InstallationProperties;
import org.spinor.server.provisioning.InstalledPlugins;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.resources.Sites;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the computing elements. */
@Configuration(proxyBeanMethods = false)
class ElementBeans {

  @Bean
  Plugins computingPlugins(InstalledPlugins installed) {
    return Plugins.of(installed);
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
}
