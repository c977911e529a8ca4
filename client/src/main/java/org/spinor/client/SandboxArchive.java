package org.spinor.client;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * The inside of a sandbox: a tar archive, packed by us with zstd; read whatever DIRAC and DiracX
 * pack (bzip2, zstd).
 */
public final class SandboxArchive {
  /** What {@link #pack} writes. */
  public static final String FORMAT = "tar.zst";

  /** A sandbox may unpack to at most so many bytes: more is an accident or an attack. */
  public static final long MAX_UNPACKED = 4L << 30;

  private static final int MAX_ENTRIES = 200_000;
  private static final int THOROUGH = 18;
  private static final int QUICK = 9;
  private static final long SMALL = 4L << 20;

  private SandboxArchive() {}

  /**
   * Packs files and folders, each under its own last name. The same contents give the same bytes,
   * so that the server keeps them once: owner and group are left out, folders are sorted.
   *
   * @throws IOException a file is missing or unreadable, or two have the same name
   */
  public static void pack(List<Path> paths, OutputStream target) throws IOException {
    Map<String, Path> entries = new LinkedHashMap<>();
    long size = 0;
    for (Path path : paths) {
      size += collect(path, entries);
    }
    try (ZstdOutputStream compressed =
            new ZstdOutputStream(
                new BufferedOutputStream(target), size <= SMALL ? THOROUGH : QUICK);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(compressed, StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (Map.Entry<String, Path> entry : entries.entrySet()) {
        write(entry.getKey(), entry.getValue(), tar);
      }
    }
  }

  private static long collect(Path path, Map<String, Path> entries) throws IOException {
    Path top = path.toRealPath();
    String name = path.toAbsolutePath().normalize().getFileName().toString();
    if (entries.containsKey(name)) {
      throw new IOException(
          "two files of the sandbox have the name "
              + name
              + ": "
              + entries.get(name)
              + " and "
              + path);
    }
    long size = 0;
    try (Stream<Path> walk = Files.walk(top, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : walk.sorted().toList()) {
        Path inside = top.relativize(file);
        entries.put(inside.toString().isEmpty() ? name : name + "/" + inside, file);
        size += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
    }
    return size;
  }

  private static void write(String name, Path file, TarArchiveOutputStream tar) throws IOException {
    boolean folder = Files.isDirectory(file);
    if (!folder && !Files.isRegularFile(file)) {
      throw new IOException(file + " is neither a file nor a folder");
    }
    TarArchiveEntry entry = new TarArchiveEntry(folder ? name + "/" : name);
    entry.setMode(folder ? 040755 : Files.isExecutable(file) ? 0100755 : 0100644);
    entry.setModTime(Files.getLastModifiedTime(file).toMillis() / 1000 * 1000);
    long size = folder ? 0 : Files.size(file);
    entry.setSize(size);
    tar.putArchiveEntry(entry);
    if (!folder) {
      Files.copy(file, tar);
    }
    tar.closeArchiveEntry();
  }

  /**
   * Unpacks into a folder, never outside of it: an entry with {@code ..} or an absolute path stops
   * everything before it is written; links that could lead out and devices are left out and named
   * in the answer.
   */
  public static Unpacked unpack(InputStream source, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    long left = MAX_UNPACKED;
    int entries = 0;
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(decompress(source), StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = inside(folder, entry.getName());
        if (++entries > MAX_ENTRIES || (left -= Math.max(0, entry.getSize())) < 0) {
          throw new IOException("the sandbox unpacks to more than is allowed: not unpacked");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (extract(tar, entry, folder, target)) {
          files.add(target);
        } else {
          skipped.add(entry.getName());
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the sandbox is damaged: " + e.getMessage(), e);
    }
    return new Unpacked(files, skipped);
  }

  /** Compression is told by the first bytes: names lie. */
  private static InputStream decompress(InputStream source) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(source);
    buffered.mark(8);
    byte[] magic = buffered.readNBytes(4);
    buffered.reset();
    if (magic.length == 4 && magic[0] == 0x28 && (magic[1] & 0xff) == 0xb5 && magic[2] == 0x2f) {
      ZstdInputStream zstd = new ZstdInputStream(buffered);
      zstd.setLongMax(27);
      return zstd;
    }
    if (magic.length == 4 && magic[0] == 'B' && magic[1] == 'Z' && magic[2] == 'h') {
      return new BZip2CompressorInputStream(buffered, true);
    }
    return buffered;
  }

  private static Path inside(Path folder, String name) throws IOException {
    Path relative = Path.of(name);
    for (Path part : relative) {
      if (part.toString().equals("..")) {
        throw new IOException("the sandbox has a path that leads out of it: " + name);
      }
    }
    if (relative.isAbsolute()) {
      throw new IOException("the sandbox has an absolute path: " + name);
    }
    return folder.resolve(relative);
  }

  private static boolean extract(
      TarArchiveInputStream tar, TarArchiveEntry entry, Path folder, Path target)
      throws IOException {
    Files.createDirectories(folder.resolve(target).toAbsolutePath().getParent());
    if (entry.isSymbolicLink()) {
      Path meaning = Path.of(entry.getLinkName());
      // Without ".." every chain of links can only lead deeper.
      for (Path part : meaning) {
        if (part.toString().equals("..")) {
          return false;
        }
      }
      if (meaning.isAbsolute()) {
        return false;
      }
      Files.deleteIfExists(target);
      Files.createSymbolicLink(target, meaning);
      return true;
    }
    if (entry.isLink()) {
      Path meaning = inside(folder, entry.getLinkName());
      if (!Files.isRegularFile(meaning)) {
        return false;
      }
      Files.deleteIfExists(target);
      Files.copy(meaning, target);
      return true;
    }
    if (!entry.isFile()) {
      return false;
    }
    Files.deleteIfExists(target);
    Files.copy(tar, target);
    restoreMode(target, entry.getMode());
    return true;
  }

  private static void restoreMode(Path target, int mode) throws IOException {
    if ((mode & 0100) != 0) {
      Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(target));
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      Files.setPosixFilePermissions(target, permissions);
    }
  }

  /** The files that do not exist, of those to be packed. */
  public static List<Path> missing(List<Path> paths) {
    return paths.stream().filter(path -> !Files.exists(path)).toList();
  }

  /** Says the missing file by name, where packing failed for that. */
  static IOException readable(IOException e) {
    return e instanceof NoSuchFileException missing
        ? new IOException("no file " + missing.getFile(), e)
        : e;
  }

  /**
   * What came out of an archive.
   *
   * @param files the files written, folders left out
   * @param skipped names of entries left out: links that could lead out of the folder, devices
   */
  public record Unpacked(List<Path> files, List<String> skipped) {
    public Unpacked {
      files = List.copyOf(files);
      skipped = List.copyOf(skipped);
    }
  }
}
