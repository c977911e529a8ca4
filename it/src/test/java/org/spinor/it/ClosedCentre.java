package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spinor.plugins.testbed.SshDaemon;
import org.spinor.plugins.testbed.SshHosts;

/**
 * A centre of which only a login host is reached, by SSH: its nodes reach nothing, its batch system
 * is that of {@link FakeSlurm}, and the server itself answers what pilots put into the spool.
 */
final class ClosedCentre implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();

  private final Namespaces hosts = Namespaces.make();
  private final List<String> nodes = new ArrayList<>();
  private final SshHosts ssh;
  private final FakeSlurm slurm;

  /**
   * @param nodes of the one allocation that there is at a time
   */
  ClosedCentre(int nodes) {
    try {
      Files.createDirectories(HOME.resolve("it/target"));
      for (int node = 1; node <= nodes; node++) {
        this.nodes.add(hosts.host("node" + node));
      }
      ssh = new SshHosts();
      slurm =
          new FakeSlurm(
              Files.createTempDirectory(HOME.resolve("it/target"), "closed-"), this.nodes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String configuration(int heartbeatSeconds) {
    String connection =
        """
        SSHHost: 127.0.0.1
        SSHPort: '%d'
        SSHKey: %s
        SSHKnownHosts: %s
        """
            .formatted(login().port(), ssh.key(), ssh.knownHosts());
    return Configurations.throughSsh(slurm, connection, spool(), nodes.size(), heartbeatSeconds);
  }

  String site() {
    return "TEST.Closed.here";
  }

  SshDaemon login() {
    return ssh.inner();
  }

  List<String> nodes() {
    return List.copyOf(nodes);
  }

  Path spool() {
    return slurm.folder().resolve("spool");
  }

  /** How many the batch system was asked for. */
  int allocations() {
    return slurm.submitted();
  }

  @Override
  public void close() {
    hosts.close();
    ssh.close();
  }
}
