package org.spinor.server.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * Real PostgreSQL programs from the class path, unpacked once per user and version into a cache
 * folder.
 */
final class PostgresBinaries {
  private static final String MARK = "complete";

  private PostgresBinaries() {}

  /**
   * The folder with {@code bin}, {@code lib}, {@code share}; unpacks it where it is not there yet.
   *
   * @param otherwise where to unpack if the cache folder cannot be written
   */
  static Path unpacked(Path otherwise) {
    Path cache = cacheFolder();
    try {
      Files.createDirectories(cache);
      return unpackedIn(Files.isWritable(cache) ? cache : otherwise);
    } catch (IOException e) {
      return unpackedIn(otherwise);
    }
  }

  private static Path unpackedIn(Path cache) {
    String name = resourceName();
    Path home = cache.resolve(name.replace(".txz", "") + "-" + version());
    if (Files.exists(home.resolve(MARK))) {
      return home;
    }
    try {
      Files.createDirectories(home.getParent());
      Path fresh = Files.createTempDirectory(home.getParent(), "unpacking-");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      unpack(name, fresh);
      Files.createFile(fresh.resolve(MARK));
      try {
        Files.move(fresh, home);
      } catch (IOException e) {
        // Another server unpacked it in the same moment: its copy is as good as ours.
        if (!Files.exists(home.resolve(MARK))) {
          throw e;
        }
      }
      return home;
    } catch (IOException e) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE, "cannot unpack PostgreSQL into " + home + ": " + e.getMessage());
    }
  }

  private static void unpack(String name, Path target) throws IOException {
    InputStream resource = PostgresBinaries.class.getResourceAsStream("/" + name);
    if (resource == null) {
      throw new IOException(
          "no PostgreSQL for this machine on the class path ("
              + name
              + "); use --db-url with a server of your own");
    }
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(resource)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = target.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
          boolean program = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }

  private static String resourceName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String platform = os.contains("mac") ? "darwin" : "linux";
    return "postgres-" + platform + "-" + ("aarch64".equals(arch) ? "arm_64" : "x86_64") + ".txz";
  }

  /** Tells versions apart: the size of the archive, which needs no reading of it. */
  private static String version() {
    URL archive = PostgresBinaries.class.getResource("/" + resourceName());
    try {
      return archive == null
          ? "none"
          : Long.toHexString(archive.openConnection().getContentLengthLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path cacheFolder() {
    String chosen = System.getProperty("spinor.cache");
    if (chosen != null) {
      return Path.of(chosen);
    }
    if ("root".equals(System.getProperty("user.name"))) {
      return Path.of("/var/cache/spinor");
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base = xdg == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return base.resolve("spinor");
  }
}
