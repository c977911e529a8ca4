package org.spinor.plugins.computing.arc;

import java.util.List;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes computing elements of ARC: {@code CEType: ARC}. */
public final class ArcPlugin implements ComputingElementPlugin {
  private final ArcServices services = new ArcServices();

  @Override
  public String name() {
    return "ARC";
  }

  @Override
  public String description() {
    return "Sends pilots to an ARC computing element through its REST interface.";
  }

  @Override
  public List<Parameter> parameters() {
    return ArcSettings.PARAMETERS;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    return services.element(context);
  }
}
