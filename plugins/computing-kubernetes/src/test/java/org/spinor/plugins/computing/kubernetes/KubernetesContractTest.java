package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** The contract, in front of a cluster whose nodes are this host. */
class KubernetesContractTest extends ComputingElementContract {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path folder;
  private Optional<FakeCluster> cluster = Optional.empty();

  @AfterEach
  void stopCluster() {
    // Nothing that a pilot keeps to itself was told to anybody but its Secret.
    cluster.ifPresent(
        running ->
            assertThat(running.client().batch().v1().jobs().inAnyNamespace().list().toString())
                .doesNotContain("secret.txt"));
    cluster.ifPresent(FakeCluster::close);
  }

  @Override
  protected ComputingElement open() {
    FakeCluster running = cluster.orElseGet(() -> new FakeCluster(folder.resolve("cluster")));
    cluster = Optional.of(running);
    return new KubernetesPlugin()
        .create(
            new ComputingElementContext(
                "LCG.Kubernetes.test",
                "k8s.test",
                "pilots",
                Map.of(
                    "ApiServer",
                    running.server().address(),
                    "TokenSecret",
                    "k8s",
                    "Namespace",
                    FakeCluster.NAMESPACE,
                    "Image",
                    "registry.test/pilot:1"),
                new OneSecret("a token"),
                folder.resolve("state"),
                LIMIT,
                InstantSource.system()));
  }

  /** A token under any name. */
  record OneSecret(String value) implements Credentials {
    @Override
    public Credential.Token token(String scope, String audience) {
      return Credentials.none().token(scope, audience);
    }

    @Override
    public Credential.SshKey sshKey() {
      return Credentials.none().sshKey();
    }

    @Override
    public Credential.Secret secret(String name) {
      return new Credential.Secret(value, Optional.empty());
    }
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    PilotSubmission plain = super.submission(stamp, behaviour);
    return new PilotSubmission(
        stamp,
        plain.vo(),
        plain.script().replaceFirst("\n", "\necho x >>'" + starts(stamp) + "'\n"),
        plain.environment(),
        plain.files(),
        plain.size());
  }

  private Path starts(String stamp) {
    return folder.resolve("starts-" + stamp);
  }

  /** Much is loaded for the first of these, on machines that may be busy. */
  @Override
  protected Duration patience() {
    return LIMIT;
  }

  @Override
  protected int startsOf(String stamp) {
    try {
      return Files.exists(starts(stamp)) ? Files.readAllLines(starts(stamp)).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
