package org.spinor.plugins.computing.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.host.LocalHost;
import org.spinor.plugins.computing.batch.system.BatchSystems;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes computing elements of batch systems on the server's own host: {@code CEType: Batch}. */
public final class BatchPlugin implements ComputingElementPlugin {
  private static final List<Parameter> PARAMETERS = parameterList();

  private static List<Parameter> parameterList() {
    List<Parameter> parameters =
        new ArrayList<>(
            BatchSettings.parameters(
                Parameter.path(
                    "SharedArea",
                    Optional.empty(),
                    "Folder for pilots that this host and the nodes share; default: in the server's data folder.")));
    parameters.add(
        Parameter.text(
            "PassEnvironment",
            "SLURM_CONF,SGE_ROOT,SGE_CELL,SGE_CLUSTER_NAME,LSF_ENVDIR,LSF_SERVERDIR,LSF_LIBDIR,LSF_BINDIR,PBS_CONF_FILE,CONDOR_CONFIG,OARCONFFILE",
            "Variables of the server's environment that the batch system's programs see, separated by commas."));
    return List.copyOf(parameters);
  }

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
    BatchSettings settings = BatchSettings.of(parameters, context.queue());
    Host host = new LocalHost(context.stateFolder(), passed(parameters));
    Area area = new Area(host, () -> settings.sharedArea().orElseGet(host::home));
    return new BatchComputingElement(
        context, settings, BatchSystems.named(settings.system(), area::tools), area);
  }

  /** Names of the variables that the batch system's programs see. */
  static List<String> passed(Parameters parameters) {
    return Arrays.stream(parameters.text("PassEnvironment").orElse("").split(","))
        .map(String::strip)
        .toList();
  }
}
