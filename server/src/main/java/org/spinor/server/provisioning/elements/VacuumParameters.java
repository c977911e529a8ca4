package org.spinor.server.provisioning.elements;

import java.util.List;
import org.spinor.server.configuration.Configuration;
import org.spinor.spi.Parameter;

/**
 * What an operator can set for elements of {@link Configuration.Queue#VACUUM}. They have no
 * plug-in: nothing is submitted there.
 */
final class VacuumParameters {
  static final List<Parameter> ALL =
      List.of(
          Parameter.text(
              "PilotOptions",
              "",
              "Options of the pilots that machines run there, each as --name=value, separated by blanks."));

  private VacuumParameters() {}
}
