package org.spinor.plugins.computing.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** Real processes of this host, through the same folders and scripts as any batch system. */
class PlainHostContractTest extends ComputingElementContract {
  @TempDir Path data;

  @Override
  protected ComputingElement open() {
    return new BatchPlugin()
        .create(
            new ComputingElementContext(
                "LOCAL.Test.here",
                "localhost",
                "default",
                Map.of("BatchSystem", "Host", "FileLatencySeconds", "1"),
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
