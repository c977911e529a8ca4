package org.spinor.plugins.computing.arc;

import java.util.List;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** The same under the name that DIRAC's configurations have: {@code CEType: AREX}. */
public final class ArexPlugin implements ComputingElementPlugin {
  private final ArcServices services = new ArcServices();

  @Override
  public String name() {
    return "AREX";
  }

  @Override
  public String description() {
    return "The same as ARC, under the name that DIRAC has for it.";
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
