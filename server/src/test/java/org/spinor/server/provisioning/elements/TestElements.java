package org.spinor.server.provisioning.elements;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.identity.TokenBroker;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.resources.Sites;
import org.spinor.spi.computing.ComputingElementPlugin;

/** The floor of the elements as one server has it, with the plug-ins of a test. */
public final class TestElements {
  public final Elements elements;
  public final Places places;
  public final PilotPackages packages;
  public final TimedCalls calls;

  public TestElements(
      List<ComputingElementPlugin> plugins,
      TokenBroker broker,
      Configurations configuration,
      Sites sites,
      ProvisioningProperties properties,
      Clock clock) {
    Path data = Path.of("target", "provisioning-test").toAbsolutePath();
    elements =
        new Elements(
            new Plugins(plugins),
            broker,
            new OperatorSecrets(data),
            new DataFolder(data),
            clock,
            properties.callTimeout());
    places = new Places(sites, configuration);
    packages =
        new PilotPackages(
            () -> Optional.of("echo bootstrap"),
            "http://spinor.example.org:8000",
            properties.pilotOptions(),
            "");
    calls = new TimedCalls(properties.callTimeout());
  }
}
