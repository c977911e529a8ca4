package org.spinor.server.configuration;

import java.io.IOException;
import java.nio.file.Path;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.DataFolder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the configuration. */
@Configuration(proxyBeanMethods = false)
class ConfigurationBeans {

  @Bean(destroyMethod = "close")
  ConfigurationWatch configurations(ConfigurationSettings settings, DataFolder data) {
    return new ConfigurationWatch(source(settings.config(), data)).start();
  }

  @Bean
  ConfigurationEditor configurationEditor(ConfigurationWatch watch) {
    return new ConfigurationEditor(watch);
  }

  @Bean
  VersionDesk configurationVersions(ConfigurationWatch watch, ConfigurationEditor editor) {
    return new VersionDesk(watch, editor);
  }

  static ConfigurationSource source(String config, DataFolder data) {
    if (config.startsWith("git+")) {
      return GitSource.open(config.substring("git+".length()), data.folder("config-copies"));
    }
    if (!config.isEmpty()) {
      return new FileSource(Path.of(config).toAbsolutePath().normalize());
    }
    try {
      return DataFolderSource.open(data.folder("config"));
    } catch (IOException e) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "cannot make the first configuration in %s: %s"
              .formatted(data.path().resolve("config"), e.getMessage()));
    }
  }
}
