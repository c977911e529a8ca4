package org.spinor.plugins.testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Grid Engine on this machine: qmaster and one execution host with 16 slots; queues {@code
 * long} without limits, and {@code short} of a quarter of an hour.
 */
public final class GridEngineCluster implements AutoCloseable {
  private final DaemonFolder daemons;
  private final Path folder;
  private final int masterPort = Shell.freePort();
  private final int hostPort = Shell.freePort();

  public GridEngineCluster() {
    Shell.need("gridengine-master", "gridengine-exec", "gridengine-client");
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "Grid Engine's daemons run as root only");
    daemons = new DaemonFolder("spinor-ge");
    folder = daemons.path();
    Shell.works(environment(), "sh", Shell.script("gridengine.sh"), folder.toString());
    Shell.eventually(
        "an execution host that reports",
        Duration.ofMinutes(2),
        () -> Shell.run(environment(), "qstat", "-f").output().contains("lx-"));
  }

  public void startMaster() {
    Shell.works(environment(), "/usr/sbin/sge_qmaster");
    Shell.eventually(
        "a master that answers",
        Duration.ofMinutes(2),
        () -> Shell.run(environment(), "qconf", "-sh").code() == 0);
  }

  public void stopMaster() {
    Shell.stop(folder.resolve("spool/qmaster.pid"));
  }

  public Path folder() {
    return folder;
  }

  public Map<String, String> environment() {
    return Map.of(
        "SGE_ROOT",
        folder + "/root",
        "SGE_CELL",
        "default",
        "SGE_QMASTER_PORT",
        Integer.toString(masterPort),
        "SGE_EXECD_PORT",
        Integer.toString(hostPort));
  }

  /** As the operator's configuration has it. */
  public String batchEnvironment() {
    StringBuilder text = new StringBuilder();
    environment().forEach((name, value) -> text.append(name + "=" + value + " "));
    return text.toString();
  }

  @Override
  public void close() {
    Shell.run(environment(), "qdel", "-f", "-u", "*");
    Shell.stop(folder.resolve("execd.pid"));
    stopMaster();
    daemons.close();
  }
}
