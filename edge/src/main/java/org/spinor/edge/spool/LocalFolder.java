package org.spinor.edge.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spinor.spi.computing.SiteFolder;

/** A folder that this host sees itself. */
public final class LocalFolder implements SiteFolder {
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

  private final Path folder;

  public LocalFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  private Path at(String path) {
    return path.isEmpty() ? folder : folder.resolve(path);
  }

  @Override
  public String place() {
    return folder.toString();
  }

  @Override
  public void makeFolder(String path) throws IOException {
    if (!Files.isDirectory(at(path))) {
      Files.createDirectories(at(path), PosixFilePermissions.asFileAttribute(OWN));
    }
  }

  @Override
  public Set<PosixFilePermission> permissions(String path) throws IOException {
    return Files.getPosixFilePermissions(at(path));
  }

  @Override
  public List<Entry> list(String path) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(at(path))) {
      for (Path file : files) {
        entry(file).ifPresent(entries::add);
      }
    }
    return entries;
  }

  @Override
  public List<String> names(String path) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(at(path))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }

  @Override
  public Optional<Entry> look(String path) throws IOException {
    return entry(at(path));
  }

  private static Optional<Entry> entry(Path file) throws IOException {
    try {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      String name = String.valueOf(file.getFileName());
      return Optional.of(new Entry(name, facts.size(), facts.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public byte[] begin(String path, int most) throws IOException {
    try (InputStream in = Files.newInputStream(at(path))) {
      return in.readNBytes(most);
    }
  }

  @Override
  public InputStream read(String path, long from) throws IOException {
    InputStream in = Files.newInputStream(at(path));
    try {
      in.skipNBytes(from);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public void write(String part, String path, Content content) throws IOException {
    Path written = at(part);
    try {
      try (OutputStream out = Files.newOutputStream(written)) {
        content.writeTo(out);
      }
      Files.move(written, at(path), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  @Override
  public void remove(String path) throws IOException {
    Files.deleteIfExists(at(path));
  }

  @Override
  public void close() {
    // nothing is held
  }
}
