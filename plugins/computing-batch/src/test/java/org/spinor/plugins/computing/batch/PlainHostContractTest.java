package org.spinor.plugins.computing.batch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;

/** Real processes of this host, through the same folders and scripts as any batch system. */
class PlainHostContractTest extends BatchContract {
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
}
