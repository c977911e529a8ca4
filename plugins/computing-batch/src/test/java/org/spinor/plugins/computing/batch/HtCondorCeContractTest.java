package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** The HTCondor tools in front of an HTCondor-CE that is a script. */
class HtCondorCeContractTest extends ComputingElementContract {
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

  @TempDir Path data;

  @BeforeEach
  void installPrograms() {
    Path script = Path.of("src/test/sh/condor-ce.sh").toAbsolutePath();
    try {
      Files.createDirectories(data.resolve("bin"));
      for (String program :
          List.of(
              "condor_submit", "condor_q", "condor_history", "condor_rm", "condor_transfer_data")) {
        Path file = data.resolve("bin").resolve(program);
        Files.writeString(
            file,
            "#!/bin/sh\nexec sh '%s' '%s' %s \"$@\"\n"
                .formatted(script, data.resolve("ce"), program));
        if (!file.toFile().setExecutable(true)) {
          throw new IOException("cannot make executable: " + file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
                Map.of("BatchFolder", data.resolve("bin").toString(), "FileLatencySeconds", "1"),
                credentials,
                data.resolve("htcondorce-ce"),
                Duration.ofSeconds(60),
                InstantSource.system()));
  }

  @Override
  protected int startsOf(String stamp) {
    return new Starts(data.resolve("starts")).of(stamp);
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    return new Starts(data.resolve("starts")).counted(super.submission(stamp, behaviour));
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
