package org.spinor.plugins.computing.batch;

import java.util.List;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.ssh.SshConnections;
import org.spinor.plugins.computing.batch.ssh.SshSettings;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.SiteFolder;
import org.spinor.spi.computing.SiteFolderPlugin;

/** Makes computing elements of batch systems behind SSH: {@code CEType: SSH}. */
public final class SshPlugin implements SiteFolderPlugin {
  private static final List<Parameter> PARAMETERS =
      BatchSettings.parameters(
          "Folder for pilots that the host and the nodes share; default: spinor-pilots in the account's home folder.",
          SshSettings.parameters());

  private final SshConnections connections = new SshConnections();

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
    Host host = SshSettings.host(parameters, context, connections);
    return BatchComputingElement.of(
        context, parameters, host, () -> host.home() + "/spinor-pilots");
  }

  @Override
  public SiteFolder folder(ComputingElementContext context, String path) {
    return SshSettings.folder(
        Parameters.of(PARAMETERS, context.parameters()), context, connections, path);
  }
}
