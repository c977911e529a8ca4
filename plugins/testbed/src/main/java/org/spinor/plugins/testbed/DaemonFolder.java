package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * A folder below {@code /tmp} for daemons, which all accounts may read. It ends with this JVM,
 * however that ends: what works in the folder, or names it on its command line, is killed then, and
 * the folder is removed.
 */
final class DaemonFolder implements AutoCloseable {
  private final Path path;

  /** Waits for the end of its input, and this JVM alone holds the other end. */
  private final Process reaper;

  /**
   * @param name what the folder's name begins with
   */
  DaemonFolder(String name) {
    try {
      // The path of a socket must be short.
      path = Files.createTempDirectory(Path.of("/tmp"), name);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      reaper =
          new ProcessBuilder("sh", Shell.script("reaper.sh"))
              .directory(Path.of("/").toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      reaper.getOutputStream().write((path + "\n").getBytes(StandardCharsets.UTF_8));
      reaper.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return path;
  }

  /** Ends what is left there, and removes it. */
  @Override
  public void close() {
    try {
      reaper.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Shell.eventually(
        "the end of what works in " + path, Duration.ofSeconds(30), () -> !reaper.isAlive());
  }
}
