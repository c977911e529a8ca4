package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.SlurmCluster;
import org.spinor.plugins.testbed.SshHosts;
import tools.jackson.databind.JsonNode;

/**
 * Jobs through pilots in one real Slurm, on whose submission host the server stands, and to which
 * it logs in through a jump host. Slurm, or the way to it, is away for a while.
 */
class SlurmPilotsIT {
  private static final String HERE = "TEST.Slurm.here";
  private static final String BEHIND_SSH = "TEST.Ssh.here";
  private static final String OVERTIME = "TEST.Overtime.here";
  private static final int ENDLESS = 4;

  private static @Nullable SlurmCluster cluster;
  private static @Nullable SshHosts hosts;
  private static @Nullable ServerProcess started;
  private static List<Long> endless = List.of();

  @BeforeAll
  static void startAll() {
    SlurmCluster slurm = new SlurmCluster(40);
    cluster = slurm;
    SshHosts ssh = new SshHosts();
    hosts = ssh;
    ServerProcess server =
        ServerProcess.withConfiguration(
            Configurations.sites(here(slurm) + behindSsh(slurm, ssh) + overtime(slurm), 15),
            Configurations.PILOTS_STAY);
    started = server;
    // Their pilot's time is over in a minute: the other tests run in the meantime.
    endless =
        server
            .as("user", "alice")
            .submit(
                """
                Executable = "/bin/sh"; Arguments = "-c 'case $SPINOR_ATTEMPT in *.1) sleep 900;; esac; echo job %%n'"; Parameters = %d;
                OutputSandbox = {"std.out"}; Site = "%s"; CPUTime = 100;
                """
                    .formatted(ENDLESS, OVERTIME));
  }

  private static String here(SlurmCluster slurm) {
    return """
        %s:
          CEs:
            slurm:
              CEType: Batch
              BatchSystem: Slurm
              SharedArea: %s/here
              FileLatencySeconds: 3
              BatchEnvironment: SLURM_CONF=%s
              Queues:
                asked: {BatchQueue: long, WallTimeMinutes: 20, CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 2, MaxTotalPilots: 2}
                long: {CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 1, MaxTotalPilots: 1}
        """
        .formatted(HERE, slurm.folder(), slurm.configurationFile());
  }

  private static String behindSsh(SlurmCluster slurm, SshHosts ssh) {
    return """
        %s:
          CEs:
            127.0.0.1:
              CEType: SSH
              BatchSystem: Slurm
              SSHPort: %d
              SSHJump: 127.0.0.1:%d
              SSHKey: %s
              SSHKnownHosts: %s
              SharedArea: %s/ssh
              FileLatencySeconds: 3
              BatchEnvironment: SLURM_CONF=%s
              Queues:
                long: {CPUTime: 500000, NumberOfProcessors: 4, IdlePilots: 3, MaxTotalPilots: 3}
        """
        .formatted(
            BEHIND_SSH,
            ssh.inner().port(),
            ssh.gate().port(),
            ssh.key(),
            ssh.knownHosts(),
            slurm.folder(),
            slurm.configurationFile());
  }

  /**
   * Its pilots cannot ask Slurm, which gives a minute, and believe in the hour that they are told.
   */
  private static String overtime(SlurmCluster slurm) {
    return """
        %s:
          CEs:
            overtime:
              CEType: Batch
              BatchSystem: Slurm
              SharedArea: %s/overtime
              FileLatencySeconds: 3
              BatchEnvironment: SLURM_CONF=%s
              Preamble: unset SLURM_JOB_END_TIME; export SLURM_CONF=/none SPINOR_PILOT_MAX_WALL=1h
              Queues:
                short: {CPUTime: 500000, NumberOfProcessors: %d, IdlePilots: 1, MaxTotalPilots: 1}
        """
        .formatted(OVERTIME, slurm.folder(), slurm.configurationFile(), ENDLESS);
  }

  @AfterAll
  static void stopAll() {
    if (started != null) {
      started.close();
    }
    if (hosts != null) {
      hosts.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static ServerProcess server() {
    return Objects.requireNonNull(started);
  }

  private static SitePilots pilots(String site) {
    return new SitePilots(server().as("admin", "admin"), site);
  }

  @Test
  void controllerIsAway() {
    SlurmCluster slurm = Objects.requireNonNull(cluster);
    new TwoHundredJobs(
            server(),
            HERE,
            new TwoHundredJobs.Service(slurm::stopController, slurm::startController))
        .run();
    SitePilots pilots = pilots(HERE);
    pilots.assertTimeLeft("asked", Duration.ofMinutes(20));
    pilots.assertTimeLeft("long", Duration.ofMinutes(60));
    assertThat(pilots.all().stream().map(pilots::show))
        .as("pilots of a job array")
        .anyMatch(pilot -> pilot.path("node").path("batch_id").asString().matches("\\d+_\\d+"));
  }

  @Test
  void loginHostAndJumpHostAreAway() {
    SshHosts ssh = Objects.requireNonNull(hosts);
    new TwoHundredJobs(server(), BEHIND_SSH, new TwoHundredJobs.Service(ssh::stop, ssh::start))
        .run();
  }

  @Test
  void jobsOfAPilotWhoseTimeIsOverComeBack() {
    Api user = server().as("user", "alice");
    assertThat(user.waitForAll(endless, Duration.ofMinutes(5))).isEqualTo(Map.of("Done", ENDLESS));
    endless.forEach(
        id -> assertThat(Attempts.outcomes(user, id)).containsExactly("infrastructure", "done"));
    String first = firstPilot(OVERTIME).path("node").path("batch_id").asString();
    Await.until(
        () -> first + " is one of the jobs whose time was over for Slurm: " + overdue(),
        Duration.ofMinutes(2),
        () -> overdue().contains(first));
  }

  private static List<String> overdue() {
    return Shell.works(
            Objects.requireNonNull(cluster).environment(),
            "squeue",
            "--noheader",
            "--states=TIMEOUT",
            "--format=%i")
        .lines()
        .toList();
  }

  private static JsonNode firstPilot(String site) {
    SitePilots pilots = pilots(site);
    return pilots.all().stream()
        .map(pilots::show)
        .min(Comparator.comparing(pilot -> pilot.path("SubmissionTime").asString()))
        .orElseThrow();
  }
}
