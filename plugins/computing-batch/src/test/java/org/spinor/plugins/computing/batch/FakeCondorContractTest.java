package org.spinor.plugins.computing.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** Files that are carried instead of shared: HTCondor's commands, with no pool behind them. */
class FakeCondorContractTest extends ComputingElementContract {
  @TempDir Path data;

  @BeforeEach
  void installPrograms() {
    Path script = Path.of("src/test/sh/condor.sh").toAbsolutePath();
    try {
      Files.createDirectories(data.resolve("bin"));
      for (String program : List.of("condor_submit", "condor_q", "condor_history", "condor_rm")) {
        Path file = data.resolve("bin").resolve(program);
        Files.writeString(
            file,
            "#!/bin/sh\nexec sh '%s' '%s' %s \"$@\"\n"
                .formatted(script, data.resolve("pool"), program));
        if (!file.toFile().setExecutable(true)) {
          throw new IOException("cannot make executable: " + file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected ComputingElement open() {
    return new BatchPlugin()
        .create(
            new ComputingElementContext(
                "LCG.Condor.test",
                "schedd.test",
                "pool",
                Map.of(
                    "BatchSystem",
                    "HTCondor",
                    "BatchFolder",
                    data.resolve("bin").toString(),
                    "FileLatencySeconds",
                    "1"),
                Credentials.none(),
                data.resolve("batch-ce"),
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
}
