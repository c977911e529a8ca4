package org.spinor.plugins.computing.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What is installed on this host. */
final class Programs {
  /** Where programs are, also for pilots. */
  static final String PATH = path();

  private Programs() {}

  static boolean have(String program) {
    return Arrays.stream(PATH.split(":"))
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String path() {
    String path = System.getenv("PATH");
    return path == null || path.isEmpty() ? "/usr/local/bin:/usr/bin:/bin" : path;
  }
}
