package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;

/**
 * A real Slurm on this machine: munged, slurmctld, and slurmd for one node that says it has many
 * cores and 4 GB for each; partitions {@code long} (an hour) and {@code short} (a minute). It ends
 * jobs beyond their memory, which it measures: that needs no control groups. Own ports, own files.
 */
public final class SlurmCluster implements AutoCloseable {
  /** Of the node, for each core. */
  private static final int MEMORY_MB = 4000;

  private final DaemonFolder daemons;
  private final Path folder;
  private final int cores;
  private final boolean root = "root".equals(System.getProperty("user.name"));

  /** With 16 cores. */
  public SlurmCluster() {
    this(16);
  }

  /**
   * @param cores that the node says it has, whatever the machine has
   */
  public SlurmCluster(int cores) {
    this.cores = cores;
    Shell.need("munge", "slurm-client", "slurm-wlm-basic-plugins", "slurmctld", "slurmd");
    daemons = new DaemonFolder("spinor-slurm");
    folder = daemons.path();
    try {
      for (String name : new String[] {"munge", "state", "spool", "run"}) {
        Files.createDirectory(folder.resolve(name));
      }
      Files.writeString(folder.resolve("slurm.conf"), configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startMunge();
    startController();
    Shell.works(environment(), "/usr/sbin/slurmd", "-f", configurationFile());
    Shell.eventually(
        "an idle node",
        Duration.ofMinutes(2),
        () -> Shell.run(environment(), "sinfo", "-h", "-o", "%T").output().contains("idle"));
  }

  private String configuration() {
    String host = Shell.works(Map.of(), "hostname", "-s").strip();
    return """
        ClusterName=spinor
        SlurmctldHost=%1$s(127.0.0.1)
        SlurmUser=%2$s
        SlurmdUser=%2$s
        AuthType=auth/munge
        AuthInfo=socket=%3$s/munge/socket
        CredType=cred/munge
        MpiDefault=none
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SlurmctldPort=%4$d
        SlurmdPort=%5$d
        StateSaveLocation=%3$s/state
        SlurmdSpoolDir=%3$s/spool
        SlurmctldPidFile=%3$s/run/slurmctld.pid
        SlurmdPidFile=%3$s/run/slurmd.pid
        SlurmctldLogFile=%3$s/run/slurmctld.log
        SlurmdLogFile=%3$s/run/slurmd.log
        SlurmdParameters=config_overrides
        ReturnToService=2
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core_Memory
        DefMemPerCPU=2000
        JobAcctGatherType=jobacct_gather/linux
        JobAcctGatherFrequency=task=1
        JobAcctGatherParams=OverMemoryKill,UsePss
        SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
        EnforcePartLimits=ALL
        KillWait=2
        MinJobAge=3600
        MessageTimeout=5
        NodeName=%1$s NodeAddr=127.0.0.1 CPUs=%6$d RealMemory=%7$d State=UNKNOWN
        PartitionName=long Nodes=%1$s Default=YES MaxTime=60 State=UP
        PartitionName=short Nodes=%1$s MaxTime=1 DefaultTime=1 State=UP
        """
        .formatted(
            host,
            System.getProperty("user.name"),
            folder,
            Shell.freePort(),
            Shell.freePort(),
            cores,
            cores * MEMORY_MB);
  }

  private void startMunge() {
    Path munge = folder.resolve("munge");
    byte[] key = new byte[1024];
    new SecureRandom().nextBytes(key);
    try {
      Files.write(munge.resolve("key"), key);
      Files.setPosixFilePermissions(
          munge.resolve("key"), PosixFilePermissions.fromString("r--------"));
      Files.setPosixFilePermissions(munge, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String daemon =
        "exec /usr/sbin/munged --key-file=%1$s/key --socket=%1$s/socket --pid-file=%1$s/pid --log-file=%1$s/log --seed-file=%1$s/seed"
            .formatted(munge);
    if (root) {
      Shell.works(Map.of(), "chown", "-R", "munge", munge.toString());
      Shell.works(Map.of(), "runuser", "-u", "munge", "--", "sh", "-c", daemon);
    } else {
      Shell.works(Map.of(), "sh", "-c", daemon);
    }
  }

  public void startController() {
    Shell.works(environment(), "/usr/sbin/slurmctld", "-f", configurationFile());
    Shell.eventually(
        "a controller that answers",
        Duration.ofMinutes(2),
        () -> Shell.run(environment(), "scontrol", "ping").output().contains("UP"));
  }

  public void stopController() {
    Shell.stop(folder.resolve("run/slurmctld.pid"));
  }

  public String configurationFile() {
    return folder.resolve("slurm.conf").toString();
  }

  public Path folder() {
    return folder;
  }

  public Map<String, String> environment() {
    return Map.of("SLURM_CONF", configurationFile());
  }

  @Override
  public void close() {
    Shell.run(
        environment(),
        "scancel",
        "--quiet",
        "--state=PENDING",
        "-u",
        System.getProperty("user.name"));
    Shell.run(environment(), "scancel", "--quiet", "-u", System.getProperty("user.name"));
    Shell.eventually(
        "an empty queue",
        Duration.ofMinutes(2),
        () -> Shell.run(environment(), "squeue", "-h").output().isBlank());
    Shell.stop(folder.resolve("run/slurmd.pid"));
    stopController();
    Shell.stop(folder.resolve("munge/pid"));
    daemons.close();
  }
}
