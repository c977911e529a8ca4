package org.spinor.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder given by {@code --data}: database, sandboxes, keys and secrets of one installation.
 *
 * @param path absolute
 */
public record DataFolder(Path path) {
  /** A folder below, made where it is missing. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + path.resolve(name), e);
    }
  }
}
