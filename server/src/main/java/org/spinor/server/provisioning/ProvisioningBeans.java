package org.spinor.server.provisioning;

import java.nio.file.Path;
import org.spinor.server.database.DataFolder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what all floors of provisioning use. */
@Configuration(proxyBeanMethods = false)
public class ProvisioningBeans {
  /** The bean of the name that the server keeps over restarts, so that it finds what it held. */
  public static final String SERVER_NAME = "serverName";

  @Bean
  InstalledPlugins installedPlugins(InstallationProperties installation, DataFolder data) {
    return InstalledPlugins.below(
        installation.shippedPlugins(),
        installation.plugins().isEmpty()
            ? data.path().resolve("plugins")
            : Path.of(installation.plugins()));
  }

  @Bean(SERVER_NAME)
  String serverName(DataFolder data) {
    return data.serverName();
  }
}
