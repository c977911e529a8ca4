package org.spinor.it;

import java.nio.file.Path;
import java.util.Map;

/** Configurations of the test servers. */
public final class Configurations {
  private static final String REGISTRY =
      """
      DIRAC:
        NoSetup: true
      Registry:
        spinor:
          DefaultGroup: user
          Users:
            admin: {PreferedUsername: admin}
          Groups:
            user: {Properties: [NormalUser], Users: [admin]}
            admin:
              Properties: [NormalUser, JobAdministrator, ServiceAdministrator, Operator, SiteManager, CSAdministrator]
              Users: [admin]
            pilot: {Properties: [GenericPilot], Users: [admin]}
      """;

  /** A site whose queue never gets a pilot. */
  public static final String WITHOUT_PILOTS =
      REGISTRY
          + """
          Operations:
            Defaults:
              Services:
                JobScheduling: {MaxRescheduling: 3}
          Resources:
            Sites:
              TEST.Nowhere.org:
                CEs:
                  nowhere:
                    CEType: Local
                    Queues:
                      default: {CPUTime: 500000, NumberOfProcessors: 8, MaxRAM: 16000, MaxTotalPilots: 0, IdlePilots: 0}
          """;

  /**
   * For the environment of a server: by default a pilot without work ends sooner than what a test
   * waits for may take.
   */
  static final Map<String, String> PILOTS_STAY =
      Map.of("SPINOR_PROVISIONING_PILOTOPTIONS", "--idle=10m");

  private Configurations() {}

  /**
   * A local site with real pilots, and heartbeats fast enough to see leases run out in a test.
   *
   * @param cores that each pilot gives to jobs, whatever the machine has: jobs that sleep need none
   */
  static String local(int maxPilots, int cores, int heartbeatSeconds) {
    return REGISTRY
        + """
        Operations:
          Defaults:
            JobScheduling: {HeartbeatSeconds: %d}
        Resources:
          Sites:
            TEST.Local.here:
              CEs:
                localhost:
                  CEType: Local
                  Overcommit: true
                  Queues:
                    default: {CPUTime: 500000, NumberOfProcessors: %d, IdlePilots: 1, MaxTotalPilots: %d}
        """
            .formatted(heartbeatSeconds, cores, maxPilots);
  }

  /**
   * Sites as the text says, and heartbeats fast enough to see leases run out in a test.
   *
   * @param sites YAML below {@code Sites}
   */
  static String sites(String sites) {
    return sites(sites, 4);
  }

  /** The same where a silent moment of a pilot shall lose no job. */
  static String sites(String sites, int heartbeatSeconds) {
    return REGISTRY
        + """
        Operations:
          Defaults:
            JobScheduling: {HeartbeatSeconds: %d}
        Resources:
          Sites:
        """
            .formatted(heartbeatSeconds)
        + sites.indent(4);
  }

  /**
   * A site behind an edge agent, with the Slurm of {@link FakeSlurm}.
   *
   * @param edge what pilots are given as the server's address
   * @param nodes of one allocation
   * @param heartbeatSeconds of jobs
   */
  static String behindAnEdge(FakeSlurm slurm, String edge, int nodes, int heartbeatSeconds) {
    return REGISTRY
        + """
        Operations:
          Defaults:
            JobScheduling: {HeartbeatSeconds: %d}
        Resources:
          Sites:
            TEST.Closed.here:
              CEs:
                hpc:
                  CEType: Batch
                  BatchSystem: Slurm
                  SharedArea: %s
                  BatchFolder: %s
                  BatchEnvironment: FAKE=%s
                  MaxArraySize: '1'
                  Edge: %s
                  NumberOfNodes: '%d'
                  Queues:
                    closed: {CPUTime: 500000, NumberOfProcessors: 4, MaxRAM: 8000, IdlePilots: 1, MaxTotalPilots: %d}
        """
            .formatted(
                heartbeatSeconds,
                slurm.folder().resolve("area"),
                slurm.folder(),
                slurm.folder(),
                edge,
                nodes,
                nodes);
  }

  /**
   * A site of which only a login host is reached, by SSH, with the Slurm of {@link FakeSlurm}; the
   * server itself answers what is in the spool there.
   *
   * @param login parameters of the connection, as YAML, a line each
   * @param nodes of one allocation
   */
  static String throughSsh(
      FakeSlurm slurm, String login, Path spool, int nodes, int heartbeatSeconds) {
    return sites(
        """
        TEST.Closed.here:
          CEs:
            hpc:
              CEType: SSH
              BatchSystem: Slurm
              SharedArea: %1$s/area
              BatchFolder: %1$s
              BatchEnvironment: FAKE=%1$s
              MaxArraySize: '1'
              FileLatencySeconds: '5'
              Edge: ssh://%2$s
              NumberOfNodes: '%3$d'
              %4$s
              Queues:
                closed: {CPUTime: 500000, NumberOfProcessors: 4, MaxRAM: 8000, IdlePilots: 1, MaxTotalPilots: %3$d}
        """
            .formatted(slurm.folder(), spool, nodes, login.strip().replace("\n", "\n      ")),
        heartbeatSeconds);
  }

  /**
   * A site for machines that run pilots by themselves.
   *
   * @param machines so many at the same time
   */
  static String vacuum(int machines, int heartbeatSeconds) {
    return REGISTRY
        + """
        Operations:
          Defaults:
            JobScheduling: {HeartbeatSeconds: %d}
        Resources:
          Sites:
            VAC.Desks.here:
              CEs:
                vac:
                  CEType: Vacuum
                  PilotOptions: --cpu-power=10
                  Queues:
                    default: {CPUTime: 500000, NumberOfProcessors: 1, MaxTotalPilots: %d}
        """
            .formatted(heartbeatSeconds, machines);
  }

  /**
   * A queue of a Kubernetes cluster.
   *
   * @param apiServer its address
   * @param kubeConfig path of a file with a login
   */
  static String kubernetes(String apiServer, String kubeConfig) {
    return REGISTRY
        + """
        Resources:
          Sites:
            TEST.Kubernetes.here:
              CEs:
                cluster:
                  CEType: Kubernetes
                  ApiServer: %s
                  KubeConfig: %s
                  Namespace: pilots
                  Image: registry.test/node:1
                  Queues:
                    default: {CPUTime: 500000, NumberOfProcessors: 2, IdlePilots: 1, MaxTotalPilots: 1}
        """
            .formatted(apiServer, kubeConfig);
  }
}
