package org.spinor.pilot.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Who this machine is: a secret that it made up itself, in a file of mode 600 of its state folder.
 * The folder is locked as long as this lives: two machines with one secret would end each other's
 * pilots.
 */
final class MachineIdentity implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  private final Path file;
  private final FileChannel channel;
  private final String secret;

  private MachineIdentity(Path file, FileChannel channel, String secret) {
    this.file = file;
    this.channel = channel;
    this.secret = secret;
  }

  /**
   * The one in this folder, made where there is none.
   *
   * @throws IOException the folder cannot be used, or another process has it
   */
  static MachineIdentity in(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException("another process runs pilots with the state folder " + folder);
      }
      Path file = folder.resolve("secret");
      if (!Files.exists(file) || Files.readString(file).isBlank()) {
        write(file);
      }
      return new MachineIdentity(file, channel, Files.readString(file).strip());
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException("this process uses the state folder " + folder + " already", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** At one stroke: a machine that dies in between has none or all of it. */
  private static void write(Path file) throws IOException {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    Path part = file.resolveSibling("secret.new");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n";
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      out.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  String secret() {
    return secret;
  }

  Path file() {
    return file;
  }

  /** Nobody lets this one in: the next start asks as somebody else. */
  void forget() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
