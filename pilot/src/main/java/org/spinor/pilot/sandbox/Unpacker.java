package org.spinor.pilot.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks an archive of a stranger into a folder: nothing is written outside it, no link leads
 * outside it, no device is made, no rights beyond the owner's are taken over.
 *
 * @param maxBytes of all files together, unpacked
 * @param maxEntries files, folders and links
 */
public record Unpacker(long maxBytes, int maxEntries) {
  private static final int MAX_NAME = 1024;
  private static final int OWNER_EXECUTES = 0100;

  /**
   * Unpacks {@code .tar}, {@code .tar.gz}, {@code .tar.bz2} and {@code .tar.zst}.
   *
   * @throws ArchiveException the archive's fault; what was unpacked before stays
   * @throws IOException the node's fault: the files cannot be written
   */
  public void unpack(Path archive, Path folder) throws ArchiveException, IOException {
    Progress progress = new Progress(folder.toRealPath());
    try (InputStream raw = Files.newInputStream(archive);
        TarArchiveInputStream tar = open(raw)) {
      int entries = 0;
      for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
        if (++entries > maxEntries) {
          throw new ArchiveException("the archive has more than " + maxEntries + " entries");
        }
        progress.take(tar, entry);
      }
      if (entries == 0 && Files.size(archive) > 0 && !endsAsTar(archive)) {
        throw new ArchiveException(
            "not an archive that can be unpacked: tar, alone or with gzip, bzip2 or zstd, needed");
      }
    }
  }

  private static TarArchiveInputStream open(InputStream raw) throws ArchiveException {
    try {
      return new TarArchiveInputStream(Compression.open(raw), "UTF-8");
    } catch (IOException e) {
      throw new ArchiveException("the archive is damaged: " + e.getMessage());
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws ArchiveException {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      throw new ArchiveException("the archive is damaged: " + e.getMessage());
    }
  }

  /** An empty tar is blocks of zeros; anything else without entries is no tar. */
  private static boolean endsAsTar(Path archive) throws ArchiveException, IOException {
    try (InputStream raw = Files.newInputStream(archive)) {
      byte[] first = Compression.open(raw).readNBytes(512);
      for (byte b : first) {
        if (b != 0) {
          return false;
        }
      }
      return first.length == 512;
    }
  }

  /** The work on one archive. */
  private final class Progress {
    private final Path root;
    private final byte[] buffer = new byte[64 * 1024];
    private long bytes;

    Progress(Path root) {
      this.root = root;
    }

    void take(TarArchiveInputStream tar, TarArchiveEntry entry)
        throws ArchiveException, IOException {
      Path place = inside(root, entry.getName(), "an entry");
      if (place.equals(root)) {
        return; // "./"
      }
      prepare(place, entry);
      if (entry.isDirectory()) {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(place);
        }
      } else if (entry.isSymbolicLink()) {
        symbolicLink(place, entry);
      } else if (entry.isLink()) {
        hardLink(place, entry);
      } else if (isFile(entry) && tar.canReadEntryData(entry)) {
        file(tar, entry, place);
      } else {
        throw new ArchiveException(
            "the archive has an entry that is neither file, folder nor link: " + entry.getName());
      }
    }

    /** Not the entry's own opinion, which takes devices for files. */
    private static boolean isFile(TarArchiveEntry entry) {
      return switch (entry.getLinkFlag()) {
        case TarConstants.LF_NORMAL,
            TarConstants.LF_OLDNORM,
            TarConstants.LF_CONTIG,
            TarConstants.LF_GNUTYPE_SPARSE ->
            true;
        default -> false;
      };
    }

    /** Makes the folders above and clears the place. */
    private void prepare(Path place, TarArchiveEntry entry) throws ArchiveException, IOException {
      Path above = root;
      for (Path part : root.relativize(place.getParent())) {
        if (part.toString().isEmpty()) {
          continue;
        }
        above = above.resolve(part);
        if (Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
          throw new ArchiveException(
              "the archive writes through a link or a file: " + entry.getName());
        }
        Files.createDirectory(above);
      }
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(place);
      } else if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !entry.isDirectory()) {
        throw new ArchiveException(
            "the archive has a folder and something else of the same name: " + entry.getName());
      }
    }

    private void symbolicLink(Path place, TarArchiveEntry entry)
        throws ArchiveException, IOException {
      Path target = path(entry.getLinkName());
      if (target.isAbsolute() || !place.resolveSibling(target).normalize().startsWith(root)) {
        throw new ArchiveException(
            "the archive has a link that leads outside: "
                + entry.getName()
                + " -> "
                + entry.getLinkName());
      }
      Files.createSymbolicLink(place, target);
    }

    private void hardLink(Path place, TarArchiveEntry entry) throws ArchiveException, IOException {
      Path target = inside(root, entry.getLinkName(), "a link's target");
      boolean own =
          Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
              && target.toRealPath().equals(target);
      if (!own) {
        throw new ArchiveException(
            "the archive has a link to what is no file of its own: "
                + entry.getName()
                + " -> "
                + entry.getLinkName());
      }
      Files.createLink(place, target);
    }

    private void file(TarArchiveInputStream tar, TarArchiveEntry entry, Path place)
        throws ArchiveException, IOException {
      if (entry.getRealSize() > maxBytes - bytes) {
        throw tooLarge();
      }
      try (OutputStream out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
        for (int count = read(tar); count >= 0; count = read(tar)) {
          bytes += count;
          if (bytes > maxBytes) {
            throw tooLarge();
          }
          out.write(buffer, 0, count);
        }
      }
      Set<PosixFilePermission> rights =
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      if ((entry.getMode() & OWNER_EXECUTES) != 0) {
        rights.add(PosixFilePermission.OWNER_EXECUTE);
      }
      Files.setPosixFilePermissions(place, rights);
    }

    private int read(TarArchiveInputStream tar) throws ArchiveException {
      try {
        return tar.read(buffer);
      } catch (IOException e) {
        throw new ArchiveException("the archive is damaged: " + e.getMessage());
      }
    }

    private ArchiveException tooLarge() {
      return new ArchiveException("the archive unpacks to more than " + maxBytes + " bytes");
    }
  }

  private static Path inside(Path root, String name, String what) throws ArchiveException {
    Path relative = path(name);
    boolean upwards = false;
    for (Path part : relative) {
      upwards |= part.toString().equals("..");
    }
    if (relative.isAbsolute() || upwards || name.isEmpty()) {
      throw new ArchiveException(
          "the archive has " + what + " with an absolute path or '..': " + name);
    }
    return root.resolve(relative).normalize();
  }

  private static Path path(String name) throws ArchiveException {
    if (name.length() > MAX_NAME) {
      throw new ArchiveException("the archive has a name of more than " + MAX_NAME + " characters");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ArchiveException("the archive has a name that this system does not take: " + name);
    }
  }
}
