package org.spinor.plugins.computing.boinc;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes computing elements of BOINC projects: {@code CEType: BOINC}. */
public final class BoincPlugin implements ComputingElementPlugin {
  /** One at a time for each stamp, over all elements of this server. */
  private static final Map<String, Object> SUBMITTING = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "BOINC";
  }

  @Override
  public String description() {
    return "Sends pilots to volunteers, as work units of a BOINC project.";
  }

  @Override
  public List<Parameter> parameters() {
    return BoincSettings.PARAMETERS;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    BoincSettings settings =
        BoincSettings.of(Parameters.of(BoincSettings.PARAMETERS, context.parameters()));
    return new BoincElement(
        settings,
        new Project(settings.url(), () -> context.credentials().secret(BoincSettings.SECRET)),
        context.timeLimit(),
        SUBMITTING);
  }
}
