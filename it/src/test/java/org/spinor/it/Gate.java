package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Holds payloads until the test opens it, so that they run for as long as the test needs them to,
 * on a fast machine and on one that is held still. A file below the checkout's target: payloads
 * have a /tmp of their own.
 */
final class Gate {
  private final Path file =
      Path.of(System.getProperty("spinor.home"), "it/target", "gate-" + UUID.randomUUID())
          .toAbsolutePath();

  /** Shell, without quotes, that is over when the gate is open. */
  String passed() {
    return passed(2);
  }

  /**
   * The same for many payloads.
   *
   * @param seconds between the looks of each: all of them together take a share of the machine
   */
  String passed(int seconds) {
    return "until test -e %s; do sleep %d; done".formatted(file, seconds);
  }

  void open() {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
