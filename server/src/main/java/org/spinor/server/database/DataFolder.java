package org.spinor.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The folder given by {@code --data}: database, sandboxes, keys and secrets of one installation.
 *
 * @param path absolute
 */
public record DataFolder(Path path) {
  private static final String SERVER_NAME = "server-name";

  /** A folder below, made where it is missing. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + path.resolve(name), e);
    }
  }

  /**
   * The name of the server that uses this folder, the same after each start: only one does at a
   * time, so a server that comes back knows what it held.
   */
  public String serverName() {
    Path file = path.resolve(SERVER_NAME);
    try {
      if (!Files.exists(file)) {
        Path draft = folder("").resolve(SERVER_NAME + ".new");
        String host = InetAddress.getLocalHost().getHostName();
        String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Files.writeString(draft, host + "-" + unique);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot name this server in " + file, e);
    }
  }
}
