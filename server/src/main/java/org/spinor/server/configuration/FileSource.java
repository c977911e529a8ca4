package org.spinor.server.configuration;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** One YAML file, as {@code --config /etc/spinor/configuration.yml} names it; without history. */
final class FileSource implements ConfigurationSource {
  private final Path file;

  FileSource(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public Version newest() throws IOException {
    try {
      String text = Files.readString(file);
      return new Version(text, digest(text), Files.getLastModifiedTime(file).toInstant());
    } catch (NoSuchFileException e) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID, "there is no configuration " + file);
    }
  }

  /** Servers that share the file take turns by the lock on a file beside it. */
  @Override
  public Version commit(Edit edit) throws IOException, MovedException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".lock");
    synchronized (FileSource.class) {
      try (FileChannel channel =
              FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        if (!newest().text().equals(edit.base().text())) {
          throw new MovedException();
        }
        replace(file, edit.text());
        return newest();
      }
    }
  }

  /** Whoever reads the file sees the old text or the new one, never a half. */
  static void replace(Path file, String text) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file;
    Path fresh = target.resolveSibling("." + target.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Set<PosixFilePermission> permissions =
        Files.exists(target)
            ? Files.getPosixFilePermissions(target)
            : PosixFilePermissions.fromString("rw-r-----");
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text, StandardOpenOption.SYNC);
    Files.setPosixFilePermissions(fresh, permissions);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The name that git would give to the file's content. */
  static String digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha1.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
