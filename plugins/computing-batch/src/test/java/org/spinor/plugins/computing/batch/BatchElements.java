package org.spinor.plugins.computing.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;

/**
 * Opens queues of a real batch system on this machine.
 *
 * @param system its name in the configuration
 * @param folder below which pilots are kept
 * @param environment of its programs, and where they are: keys of the plug-in
 */
record BatchElements(String system, Path folder, Map<String, String> environment) {
  /** Where pilots have their folders. */
  Path area() {
    return folder.resolve("area");
  }

  /**
   * @param more keys of the plug-in
   */
  ComputingElement open(String queue, Map<String, String> more) {
    Map<String, String> parameters = new HashMap<>(environment);
    parameters.put("BatchSystem", system);
    parameters.put("SharedArea", area().toString());
    parameters.put("FileLatencySeconds", "2");
    parameters.putAll(more);
    return new BatchPlugin()
        .create(
            new ComputingElementContext(
                "LCG.Batch.test",
                "batch.test",
                queue,
                parameters,
                Credentials.none(),
                folder.resolve("batch-ce"),
                Duration.ofSeconds(60),
                InstantSource.system()));
  }
}
