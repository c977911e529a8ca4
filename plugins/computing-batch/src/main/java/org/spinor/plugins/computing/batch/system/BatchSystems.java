package org.spinor.plugins.computing.batch.system;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.spinor.spi.MisconfiguredException;

/** All batch systems, by the names that operators write. */
public final class BatchSystems {
  /** The names, and those under which DIRAC knows the same systems. */
  public static final List<String> NAMES =
      List.of(
          "Slurm",
          "HTCondor",
          "GridEngine",
          "PBS",
          "Torque",
          "LSF",
          "OAR",
          "BQS",
          "Host",
          "SLURM",
          "Condor",
          "GE",
          "SGE");

  private BatchSystems() {}

  /**
   * An HTCondor-CE.
   *
   * @param scheduler its name there
   * @param collector its address, as {@code ce.example.org:9619}
   */
  public static BatchSystem htCondorCe(String scheduler, String collector) {
    return new HtCondor(Optional.of(new HtCondor.Remote(scheduler, collector)));
  }

  /**
   * @param tools absolute path of the folder with this plug-in's scripts on the submission host;
   *     asked when a command needs it
   * @throws MisconfiguredException there is none of this name
   */
  public static BatchSystem named(String name, Supplier<String> tools) {
    return switch (name) {
      case "Slurm", "SLURM" -> new Slurm();
      case "HTCondor", "Condor" -> new HtCondor(Optional.empty());
      case "GridEngine", "GE", "SGE" -> new GridEngine();
      case "PBS" -> new Pbs(Pbs.Flavour.PBS_PRO);
      case "Torque" -> new Pbs(Pbs.Flavour.TORQUE);
      case "LSF" -> new Lsf();
      case "OAR" -> new Oar();
      case "BQS" -> new Bqs();
      case "Host" -> new PlainHost(tools);
      default ->
          throw new MisconfiguredException(
              "BatchSystem: '" + name + "' is not one of " + String.join(", ", NAMES));
    };
  }
}
