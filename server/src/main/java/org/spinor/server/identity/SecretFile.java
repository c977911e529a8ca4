package org.spinor.server.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.spinor.server.identity.BrokerException.Remedy;

/** Files that only the account of the server may read. */
public final class SecretFile {
  private static final int LONGEST = 1_000_000;
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private SecretFile() {}

  /**
   * The content; empty: there is no such file.
   *
   * @throws BrokerException others may read it, it is too long, or it cannot be read
   */
  public static Optional<byte[]> read(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      openToOthers(file)
          .ifPresent(
              problem -> {
                throw new BrokerException(Remedy.OPERATOR, problem);
              });
      byte[] bytes = stream.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new BrokerException(
            Remedy.OPERATOR, "%s is no secret: longer than %d bytes".formatted(file, LONGEST));
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new BrokerException(
          Remedy.OPERATOR,
          "the server cannot read %s: give it to the server's account, with mode 600"
              .formatted(file),
          e);
    }
  }

  /** What is wrong with the mode of a file, and what to type; empty: nothing. */
  public static Optional<String> openToOthers(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.stream().anyMatch(OF_OTHERS::contains)
        ? Optional.of("other accounts may read %s: chmod 600 %s".formatted(file, file))
        : Optional.empty();
  }

  /** What root makes belongs to whom the folder above belongs: the server's account. */
  private static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = Objects.requireNonNull(folder.getParent());
    makeFolder(above);
    Files.createDirectory(folder, FOLDER);
    Files.setOwner(folder, Files.getOwner(above));
  }

  /** Makes or replaces a file: whole or not at all, never readable for others. */
  public static void write(Path file, byte[] content) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    makeFolder(folder);
    Path draft = Files.createTempFile(folder, ".new", "", FILE);
    try {
      Files.write(draft, content);
      Files.setOwner(draft, Files.getOwner(folder));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
