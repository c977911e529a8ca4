package org.spinor.plugins.computing.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** The contract in a folder of the test, where pilots count their starts. */
abstract class BatchContract extends ComputingElementContract {
  @TempDir Path data;

  @Override
  protected int startsOf(String stamp) {
    return new Starts(data.resolve("starts")).of(stamp);
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    return new Starts(data.resolve("starts")).counted(super.submission(stamp, behaviour));
  }

  /** Where {@link #install} puts programs. */
  String programs() {
    return data.resolve("bin").toString();
  }

  /**
   * Installs commands that are one script.
   *
   * @param script below {@code src/test/sh}
   * @param arguments those before the name of the program
   */
  void install(String script, String arguments, List<String> programs) {
    try {
      Files.createDirectories(Path.of(programs()));
      for (String program : programs) {
        Path file = Path.of(programs(), program);
        Files.writeString(
            file,
            "#!/bin/sh\nexec sh '%s' %s %s \"$@\"\n"
                .formatted(Path.of("src/test/sh", script).toAbsolutePath(), arguments, program));
        if (!file.toFile().setExecutable(true)) {
          throw new IOException("cannot make executable: " + file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
