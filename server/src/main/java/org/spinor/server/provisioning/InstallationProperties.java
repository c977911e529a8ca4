package org.spinor.server.provisioning;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the command line says.
 *
 * @param home folder of the software
 * @param issuer how this installation is reached
 * @param plugins folder with a folder for each further plug-in; empty: {@code plugins} in the data
 *     folder
 */
@ConfigurationProperties("spinor")
public record InstallationProperties(
    @DefaultValue(".") String home,
    @DefaultValue("http://localhost:8000") String issuer,
    @DefaultValue("") String plugins) {
  /** Folders of plug-ins that come with the server. */
  Path shippedPlugins() {
    return Path.of(home, "server/target/plugins");
  }
}
