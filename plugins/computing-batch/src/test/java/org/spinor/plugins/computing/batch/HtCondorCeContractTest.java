package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;

/** The HTCondor tools in front of an HTCondor-CE that is a script. */
class HtCondorCeContractTest extends BatchContract {
  private static final Credentials TOKENS =
      new Credentials() {
        @Override
        public Credential.Token token(String scope, String audience) {
          return new Credential.Token(scope.split(" ")[0] + "@" + audience, Optional.empty());
        }

        @Override
        public Credential.SshKey sshKey() {
          return Credentials.none().sshKey();
        }

        @Override
        public Credential.Secret secret(String name) {
          return Credentials.none().secret(name);
        }
      };

  @BeforeEach
  void installPrograms() {
    install(
        "condor-ce.sh",
        "'" + data.resolve("ce") + "'",
        List.of(
            "condor_submit", "condor_q", "condor_history", "condor_rm", "condor_transfer_data"));
  }

  /** Every call had a token of its own file, and no file is left. */
  @AfterEach
  void tokensAreGone() throws IOException {
    Path calls = data.resolve("ce/calls");
    if (Files.exists(calls)) {
      List<String> lines = Files.readAllLines(calls);
      assertThat(lines).allMatch(line -> line.split(" ")[1].equals("compute.create@ce.test:9619"));
      assertThat(lines).extracting(line -> line.split(" ")[2]).doesNotHaveDuplicates();
      try (Stream<Path> left = Files.list(data.resolve("htcondorce-ce/.tokens"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Override
  protected ComputingElement open() {
    return open(TOKENS);
  }

  private ComputingElement open(Credentials credentials) {
    return new HtCondorCePlugin()
        .create(
            new ComputingElementContext(
                "LCG.Condor.test",
                "ce.test",
                "any",
                Map.of("BatchFolder", programs(), "FileLatencySeconds", "1"),
                credentials,
                data.resolve("htcondorce-ce"),
                Duration.ofSeconds(60),
                InstantSource.system()));
  }

  @Test
  void withoutATokenNothingIsRun() {
    try (ComputingElement element = open(Credentials.none())) {
      assertThatThrownBy(() -> element.queueInfo())
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("no token is configured");
    }
    assertThat(data.resolve("ce/calls")).doesNotExist();
  }

  @Test
  void jobThatHasEndedLeavesTheQueueWithThePurge() throws Exception {
    try (ComputingElement element = open()) {
      PilotSubmission pilot = submission("purged1", Behaviour.ENDS_WELL);
      PilotReference reference = new PilotReference("purged1");
      element.submit(List.of(pilot));
      while (!element.status(List.of(reference)).values().iterator().next().state().isFinal()) {
        Thread.onSpinWait();
      }
      assertThat(element.output(reference, 1000).log()).contains("Job terminated");
      element.purge(List.of(reference));
      assertThat(data.resolve("ce/jobs/1.0/removed")).exists();
    }
  }

  @Test
  void namesThatAreNoneAreRefusedAtOnce() {
    assertThatThrownBy(
            () ->
                new HtCondorCePlugin()
                    .create(
                        new ComputingElementContext(
                            "s",
                            "-ce",
                            "q",
                            Map.of(),
                            TOKENS,
                            data,
                            Duration.ofSeconds(60),
                            InstantSource.system())))
        .isInstanceOf(MisconfiguredException.class);
  }
}
