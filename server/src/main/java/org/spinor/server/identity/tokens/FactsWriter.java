package org.spinor.server.identity.tokens;

import java.nio.file.Path;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/** Keeps {@link OperatorFacts} as they are now. */
@Component
final class FactsWriter implements SmartInitializingSingleton {
  private final Configurations configurations;
  private final IdentityProperties properties;
  private final Path data;

  FactsWriter(Configurations configurations, IdentityProperties properties, DataFolder data) {
    this.configurations = configurations;
    this.properties = properties;
    this.data = data.path();
  }

  @Override
  public void afterSingletonsInstantiated() {
    write();
    configurations.onChange(this::write);
  }

  private void write() {
    OperatorFacts.of(
            properties.issuer(), KeyFile.of(data, properties.keystore()), configurations.current())
        .write(data);
  }
}
