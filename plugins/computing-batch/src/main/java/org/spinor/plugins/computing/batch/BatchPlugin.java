package org.spinor.plugins.computing.batch;

import java.util.List;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes computing elements of batch systems on the server's own host: {@code CEType: Batch}. */
public final class BatchPlugin implements ComputingElementPlugin {
  private static final List<Parameter> PARAMETERS =
      BatchSettings.parameters(
          "Folder for pilots that this host and the nodes share; default: in the server's data folder.",
          List.of(
              BatchSettings.passedEnvironment(
                  "SLURM_CONF,SGE_ROOT,SGE_CELL,SGE_CLUSTER_NAME,LSF_ENVDIR,LSF_SERVERDIR,LSF_LIBDIR,LSF_BINDIR,PBS_CONF_FILE,CONDOR_CONFIG,OARCONFFILE",
                  "the batch system's")));

  @Override
  public String name() {
    return "Batch";
  }

  @Override
  public String description() {
    return "Sends pilots to a batch system whose commands work on the server's own host.";
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
    Host host = BatchSettings.localHost(parameters, context);
    return BatchComputingElement.of(context, parameters, host, host::home);
  }
}
