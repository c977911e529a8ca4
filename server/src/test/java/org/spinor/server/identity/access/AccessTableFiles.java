package org.spinor.server.identity.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rooms' tables as they are in the sources. */
final class AccessTableFiles {
  private AccessTableFiles() {}

  static String text(String room) {
    try {
      return Files.readString(Path.of("src", "main", "resources", "access", room + ".txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
