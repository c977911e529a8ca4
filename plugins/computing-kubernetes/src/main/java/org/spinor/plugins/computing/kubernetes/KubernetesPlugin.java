package org.spinor.plugins.computing.kubernetes;

import java.util.List;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes computing elements that run pilots in a Kubernetes cluster: {@code CEType: Kubernetes}. */
public final class KubernetesPlugin implements ComputingElementPlugin {
  private static final List<Parameter> PARAMETERS = Settings.parameters();

  @Override
  public String name() {
    return "Kubernetes";
  }

  @Override
  public String description() {
    return "Runs pilots as Jobs of a Kubernetes cluster.";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    Settings settings = Settings.of(Parameters.of(PARAMETERS, context.parameters()));
    Access access =
        new Access(
            settings.login(),
            context.credentials(),
            new Access.Surroundings(context.timeLimit(), InCluster.ofThisPod(System.getenv())));
    return new KubernetesElement(context, settings, access);
  }
}
