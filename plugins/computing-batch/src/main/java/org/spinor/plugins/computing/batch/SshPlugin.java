package org.spinor.plugins.computing.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.ssh.SshConnections;
import org.spinor.plugins.computing.batch.ssh.SshSettings;
import org.spinor.plugins.computing.batch.system.BatchSystems;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes computing elements of batch systems behind SSH: {@code CEType: SSH}. */
public final class SshPlugin implements ComputingElementPlugin {
  private static final List<Parameter> PARAMETERS = parameterList();

  private final SshConnections connections = new SshConnections();

  private static List<Parameter> parameterList() {
    List<Parameter> parameters =
        new ArrayList<>(
            BatchSettings.parameters(
                Parameter.path(
                    "SharedArea",
                    Optional.empty(),
                    "Folder for pilots that the host and the nodes share; default: spinor-pilots in the account's home folder.")));
    parameters.addAll(SshSettings.parameters());
    return List.copyOf(parameters);
  }

  @Override
  public String name() {
    return "SSH";
  }

  @Override
  public String description() {
    return "Sends pilots to a batch system on a host behind SSH, or starts them there.";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public boolean servesAllVos() {
    return true;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    Parameters parameters = Parameters.of(PARAMETERS, context.parameters());
    BatchSettings settings = BatchSettings.of(parameters, context.queue());
    Host host = SshSettings.host(parameters, context, connections);
    Area area =
        new Area(host, () -> settings.sharedArea().orElseGet(() -> host.home() + "/spinor-pilots"));
    return new BatchComputingElement(
        context, settings, BatchSystems.named(settings.system(), area::tools), area);
  }
}
