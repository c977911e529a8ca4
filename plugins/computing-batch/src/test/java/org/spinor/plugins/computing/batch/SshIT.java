package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.SlurmCluster;
import org.spinor.plugins.testbed.SshDaemon;
import org.spinor.plugins.testbed.SshHosts;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** The contract behind a real OpenSSH server, and a real Slurm behind a jump host. */
class SshIT extends ComputingElementContract {
  private static @Nullable SshHosts made;
  private static @Nullable SlurmCluster slurm;
  private static final SshPlugin PLUGIN = new SshPlugin();

  /** Keeps the connection open from test to test, as a server's queues do. */
  private static @Nullable ComputingElement keeper;

  @BeforeAll
  static void startDaemons() throws IOException {
    SshHosts hosts = new SshHosts();
    made = hosts;
    for (String key : List.of("other", "ca", "certified")) {
      hosts.newKey(key, "ed25519");
    }
    Files.writeString(
        hosts.folder().resolve("authorized_keys"),
        Files.readString(hosts.newKey("rsa", "rsa")),
        StandardOpenOption.APPEND);
    Shell.works(
        Map.of(),
        "ssh-keygen",
        "-q",
        "-s",
        hosts.folder() + "/ca",
        "-I",
        "spinor",
        "-n",
        System.getProperty("user.name"),
        hosts.folder() + "/certified.pub");
    ComputingElement kept = open(plainHost());
    keeper = kept;
    kept.queueInfo();
  }

  @AfterAll
  static void stopDaemons() {
    if (slurm != null) {
      slurm.close();
    }
    if (keeper != null) {
      keeper.close();
    }
    if (made != null) {
      made.close();
    }
  }

  private static Path folder() {
    return Objects.requireNonNull(made).folder();
  }

  private static SshDaemon gate() {
    return Objects.requireNonNull(made).gate();
  }

  private static SshDaemon inner() {
    return Objects.requireNonNull(made).inner();
  }

  private static Starts starts() {
    return new Starts(folder().resolve("starts"));
  }

  private static Map<String, String> plainHost() {
    return Map.of(
        "BatchSystem",
        "Host",
        "SSHPort",
        Integer.toString(gate().port()),
        "SSHKey",
        folder() + "/key",
        "SSHKnownHosts",
        folder() + "/known_hosts");
  }

  private static Map<String, String> with(Map<String, String> base, String... pairs) {
    Map<String, String> all = new HashMap<>(base);
    for (int i = 0; i < pairs.length; i += 2) {
      all.put(pairs[i], pairs[i + 1]);
    }
    return all;
  }

  private static ComputingElement open(Map<String, String> parameters) {
    return open(parameters, Credentials.none(), Duration.ofSeconds(60));
  }

  private static ComputingElement open(
      Map<String, String> parameters, Credentials credentials, Duration limit) {
    return PLUGIN.create(
        new ComputingElementContext(
            "LCG.Ssh.test",
            "127.0.0.1",
            "long",
            with(parameters, "SharedArea", folder() + "/area", "FileLatencySeconds", "2"),
            credentials,
            folder().resolve("ssh-ce"),
            limit,
            InstantSource.system()));
  }

  @Override
  protected Duration patience() {
    return Duration.ofMinutes(4);
  }

  @Override
  protected ComputingElement open() {
    return open(plainHost());
  }

  @Override
  protected int startsOf(String stamp) {
    return starts().of(stamp);
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    return starts().counted(super.submission(stamp, behaviour));
  }

  @Test
  void bulkGoesThroughAJumpHostIntoSlurmAndSurvivesThatEveryConnectionBreaks() {
    SlurmCluster cluster = new SlurmCluster();
    slurm = cluster;
    Map<String, String> parameters =
        with(
            plainHost(),
            "BatchSystem",
            "Slurm",
            "SSHPort",
            Integer.toString(inner().port()),
            "SSHJump",
            "127.0.0.1:" + gate().port(),
            "BatchEnvironment",
            "SLURM_CONF=" + cluster.configurationFile());
    try (ComputingElement element = open(parameters)) {
      Pilots pilots = new Pilots(starts());
      List<PilotSubmission> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        all.add(pilots.script("echo out $PILOT"));
      }
      List<PilotSubmission> endless =
          List.of(
              pilots.script("while :; do sleep 1; done"),
              pilots.script("while :; do sleep 1; done"));
      List<PilotReference> references = Pilots.submit(element, all);
      List<PilotReference> running = Pilots.submit(element, endless);

      Objects.requireNonNull(made).stop();
      assertThatThrownBy(() -> element.status(references)).isInstanceOf(TemporaryException.class);
      Objects.requireNonNull(made).start();

      assertThat(Pilots.submit(element, all)).as("once more").isEqualTo(references);
      assertThat(Pilots.allEnded(element, references)).isEqualTo(Map.of(PilotState.DONE, 40));
      all.forEach(pilot -> assertThat(startsOf(pilot.stamp())).isEqualTo(1));
      assertThat(element.output(references.get(3), 1000).standardOutput())
          .isEqualTo("out " + references.get(3) + "\n");
      running.forEach(pilot -> Pilots.await(element, pilot, PilotState.RUNNING));
      element.cancel(running);
      assertThat(Pilots.allEnded(element, running)).isEqualTo(Map.of(PilotState.ABORTED, 2));
    }
  }

  @Test
  void queuesOfOneHostShareAConnection() {
    long before = gate().logins();
    try (ComputingElement one = open(plainHost());
        ComputingElement other = open(plainHost())) {
      for (int i = 0; i < 5; i++) {
        one.queueInfo();
        other.queueInfo();
      }
    }
    assertThat(gate().logins() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void rsaKeysAndCertificatesAndKeysFromTheServerOpenTheDoor() throws IOException {
    try (ComputingElement element = open(with(plainHost(), "SSHKey", folder() + "/rsa"))) {
      assertThat(element.queueInfo().running()).isPresent();
    }
    try (ComputingElement element = open(with(plainHost(), "SSHKey", folder() + "/certified"))) {
      assertThat(element.queueInfo().running()).as("certificate beside its key").isPresent();
    }
    Map<String, String> none = new HashMap<>(plainHost());
    none.remove("SSHKey");
    String key = Files.readString(folder().resolve("key"));
    Credentials broker =
        new Credentials() {
          @Override
          public Credential.Token token(String scope, String audience) {
            throw new AssertionError("no token is needed");
          }

          @Override
          public Credential.SshKey sshKey() {
            return new Credential.SshKey(key, Optional.empty(), Optional.empty());
          }

          @Override
          public Credential.Secret secret(String name) {
            throw new AssertionError("no secret is needed");
          }
        };
    try (ComputingElement element = open(none, broker, Duration.ofSeconds(30))) {
      assertThat(element.queueInfo().running()).isPresent();
    }
  }

  @Test
  void keysThatAreNotTakenAreTold() {
    try (ComputingElement element = open(with(plainHost(), "SSHKey", folder() + "/other"))) {
      assertThatThrownBy(element::queueInfo)
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("authorized_keys");
    }
    try (ComputingElement element = open(with(plainHost(), "SSHKey", folder() + "/nothing"))) {
      assertThatThrownBy(element::queueInfo)
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("SSHKey");
    }
  }

  @Test
  void hostsThatAreNotKnownAreNotBelieved() {
    Map<String, String> unknown = with(plainHost(), "SSHKnownHosts", folder() + "/nowhere");
    try (ComputingElement element = open(unknown)) {
      assertThatThrownBy(element::queueInfo)
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining(gate().fingerprint());
    }
    try (ComputingElement element = open(with(unknown, "SSHHostKey", gate().fingerprint()))) {
      assertThat(element.queueInfo().running()).isPresent();
    }
    try (ComputingElement element = open(with(unknown, "SSHHostKey", inner().fingerprint()))) {
      assertThatThrownBy(element::queueInfo).isInstanceOf(MisconfiguredException.class);
    }
  }

  @Test
  void newHostIsBelievedOnceAndNotWithAnotherKey() {
    try (SshDaemon third = new SshDaemon(folder(), "third")) {
      Map<String, String> parameters =
          with(
              plainHost(),
              "SSHPort",
              Integer.toString(third.port()),
              "SSHKnownHosts",
              folder() + "/nowhere",
              "SSHAcceptNewHostKeys",
              "yes");
      try (ComputingElement element = open(parameters)) {
        assertThat(element.queueInfo().running()).isPresent();
      }
      third.stop();
      third.newHostKey();
      third.start();
      try (ComputingElement element = open(parameters)) {
        assertThatThrownBy(element::queueInfo)
            .isInstanceOf(MisconfiguredException.class)
            .hasMessageContaining("another one is known");
      }
    }
  }

  @Test
  void hostThatSaysNothingIsGivenUpInTime() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ComputingElement element =
            open(
                with(plainHost(), "SSHPort", Integer.toString(mute.getLocalPort())),
                Credentials.none(),
                Duration.ofSeconds(3))) {
      Instant begin = Instant.now();
      assertThatThrownBy(() -> element.status(List.of(new PilotReference("x1"))))
          .isInstanceOf(TemporaryException.class);
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(30));
    }
  }
}
