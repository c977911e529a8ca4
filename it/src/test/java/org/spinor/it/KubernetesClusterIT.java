package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.KubernetesAdmin;
import org.spinor.plugins.testbed.KubernetesCluster;
import org.spinor.plugins.testbed.Shell;

/**
 * Jobs through pilots in containers of a real Kubernetes, whose API server is away for a while. The
 * pods reach the server through an edge, as in a cluster that lets nothing out.
 */
class KubernetesClusterIT {
  private static final String SITE = "TEST.Kubernetes.here";

  @Test
  void apiServerIsAway() throws IOException {
    try (KubernetesCluster cluster = new KubernetesCluster()) {
      Path folder = Files.createDirectory(cluster.folder().resolve("edge"));
      String listen = cluster.address() + ":" + Shell.freePort();
      try (ServerProcess server =
              ServerProcess.withConfiguration(
                  Configurations.sites(
                      """
                      %s:
                        CEs:
                          cluster:
                            CEType: Kubernetes
                            KubeConfig: %s
                            Image: %s
                            Security: restricted
                            RunAsUser: 1000
                            GraceSeconds: 5
                            Edge: http://%s
                            Queues:
                              default: {CPUTime: 500000, NumberOfProcessors: 1, IdlePilots: 2, MaxTotalPilots: 2}
                      """
                          .formatted(SITE, login(cluster), KubernetesCluster.IMAGE, listen)),
                  Configurations.PILOTS_STAY);
          EdgeProcess edge =
              new EdgeProcess(
                  "", folder, "--server", server.url().toString(), "--listen", listen)) {
        new TwoHundredJobs(
                server,
                SITE,
                new TwoHundredJobs.Service(cluster::stopApiServer, cluster::startApiServer))
            .run();
        // The API server was away, the way of the pilots was not.
        assertThat(edge.said()).doesNotContain("the server is away");
      }
    }
  }

  /** A kubeconfig as an operator gets it: an account with the documented rights. */
  private static Path login(KubernetesCluster cluster) throws IOException {
    cluster.admin().namespace("pilots", "restricted");
    String token = cluster.admin().account("pilots", "spinor", KubernetesAdmin.documentedRules());
    return Files.writeString(
        cluster.folder().resolve("spinor.conf"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "%s", certificate-authority: %s}}]
        users: [{name: u, user: {token: %s}}]
        contexts: [{name: c, context: {cluster: c, user: u, namespace: pilots}}]
        """
            .formatted(cluster.endpoint(), cluster.authority(), token));
  }
}
