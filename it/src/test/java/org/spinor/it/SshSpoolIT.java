package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.SshDaemon;
import org.spinor.plugins.testbed.SshHosts;

/**
 * Worker nodes that reach nothing, at a centre where nothing of ours runs but pilots: the server
 * does all by the SSH connection to its login host.
 */
class SshSpoolIT {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final int HEARTBEAT = 10;

  private Namespaces hosts;
  private SshHosts ssh;
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    hosts = Namespaces.make();
    ssh = new SshHosts();
    Files.createDirectories(HOME.resolve("it/target"));
    folder = Files.createTempDirectory(HOME.resolve("it/target"), "ssh-spool-");
  }

  @AfterEach
  void remove() {
    if (hosts != null) {
      hosts.close();
    }
    if (ssh != null) {
      ssh.close();
    }
  }

  @Test
  void nodesThatReachNothingRunJobsThroughTheServersOwnConnection() {
    String one = hosts.host("one");
    String two = hosts.host("two");
    FakeSlurm slurm = new FakeSlurm(folder, List.of(one, two));
    Path spool = folder.resolve("spool");
    SshDaemon login = ssh.inner();
    String connection =
        """
        SSHHost: 127.0.0.1
        SSHPort: '%d'
        SSHKey: %s
        SSHKnownHosts: %s
        """
            .formatted(login.port(), ssh.key(), ssh.knownHosts());
    try (ServerProcess server =
        ServerProcess.withConfiguration(
            Configurations.throughSsh(slurm, connection, spool, 2, HEARTBEAT))) {
      for (String node : List.of(one, two)) {
        EdgeIT.assertNoWayOut(node, server.url().toString());
        assertThat(Namespaces.inside(node, "ip", "-o", "link")).doesNotContain("UP");
      }
      Api operator = server.as("admin", "admin");
      Await.until(
          () -> "the spool is up: " + edge(operator),
          Duration.ofMinutes(1),
          () -> edge(operator).contains(spool + ": up since"));
      ClosedJobs.run(
          server.as("user", "alice"),
          () -> {
            login.stop();
            Await.until(
                () -> "that is seen: " + edge(operator),
                Duration.ofMinutes(1),
                () -> edge(operator).contains("away since"));
            login.start();
          },
          () -> {
            server.killHard();
            ClosedJobs.pause(Duration.ofSeconds(4));
            server.startAgain();
          });
      SiteTest test =
          SiteTest.of(server.as("admin", "admin", "Operator", "SiteManager"), "TEST.Closed.here");
      test.passed();
      assertThat(test.states()).containsEntry("edge", "ok");
      assertThat(spool.resolve("requests")).isDirectory();
      assertThat(login.logins()).as("logins").isLessThan(20);
    }
  }

  private static String edge(Api operator) {
    return operator.ok("GET", "/api/queues", null).get(0).path("edge").asString("");
  }
}
