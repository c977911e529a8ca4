package org.spinor.cli.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;

/**
 * The script that starts everything, and the checkout it stands in.
 *
 * @param home the checkout
 */
record Launcher(Path home) {
  /** The one that started this process. */
  static Launcher ofThisProcess() {
    String home = System.getProperty("spinor.home");
    if (home == null || !Files.isExecutable(Path.of(home, "spinor"))) {
      throw new Failure(
          ExitCode.FAILED, "the demo is started with the launcher of a checkout: ./spinor demo");
    }
    return new Launcher(Path.of(home));
  }

  Path script() {
    return home.resolve("spinor");
  }

  Path examples() {
    return home.resolve("examples");
  }

  /** A process with the Java of this one, and without another look at the sources. */
  ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPINOR_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  /**
   * What begins a command so that it runs in a session of its own; nothing where that cannot be.
   */
  static List<String> ownSession() {
    return Stream.of("/usr/bin/setsid", "/bin/setsid")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .limit(1)
        .toList();
  }
}
