package org.spinor.pilot.sandbox;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Packs files and folders of a job into {@code tar.zst}, up to a number of compressed bytes. Where
 * all would be too much, the files that take most are left out.
 *
 * @param limit bytes of the archive
 */
public record Packer(long limit) {
  /** Above so many times the limit, the largest files are not even tried. */
  private static final int MOST_RATIO = 20;

  /** For each further try a part of the limit is given up, as sizes within are estimates. */
  private static final int TRIES = 8;

  /**
   * An archive made.
   *
   * @param files in it
   * @param entries files and folders in it
   * @param leftOut files that are not in it, each with the reason in brackets
   */
  public record Packed(
      Path archive, long size, String sha256, int files, int entries, List<String> leftOut) {
    public Packed {
      leftOut = List.copyOf(leftOut);
    }
  }

  private record Item(Path path, String name, long size, boolean folder) {}

  /**
   * Packs.
   *
   * @param chosen paths within the folder; folders with all that is in them
   */
  public Packed pack(Path folder, List<Path> chosen, Path archive) throws IOException {
    List<String> leftOut = new ArrayList<>();
    List<Item> items = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    for (Path path : chosen) {
      collect(folder, folder.resolve(path), seen, items, leftOut);
    }
    items = within(items, Item::size, limit * MOST_RATIO, leftOut);
    Packed whole = write(items, archive, null, leftOut);
    for (int attempt = 0; whole.size() > limit && attempt < TRIES; attempt++) {
      Map<Item, Long> packedSizes = new HashMap<>();
      write(items, archive, packedSizes, leftOut);
      long target = limit - limit * attempt / TRIES;
      items = within(items, item -> packedSizes.getOrDefault(item, 0L), target, leftOut);
      whole = write(items, archive, null, leftOut);
    }
    return whole;
  }

  private interface Sizes {
    long of(Item item);
  }

  private static List<Item> within(
      List<Item> items, Sizes sizes, long target, List<String> leftOut) {
    long total = items.stream().mapToLong(sizes::of).sum();
    Set<Item> dropped = new HashSet<>();
    List<Item> largestFirst =
        items.stream()
            .filter(item -> !item.folder())
            .sorted(Comparator.comparingLong(sizes::of).reversed())
            .toList();
    for (Item item : largestFirst) {
      if (total <= target) {
        break;
      }
      total -= sizes.of(item);
      dropped.add(item);
      leftOut.add(item.name() + " (too large: " + item.size() + " bytes)");
    }
    return items.stream().filter(item -> !dropped.contains(item)).toList();
  }

  private static void collect(
      Path root, Path path, Set<Path> seen, List<Item> items, List<String> leftOut)
      throws IOException {
    if (!seen.add(path)) {
      return;
    }
    String name = root.relativize(path).toString();
    Path real = path;
    if (Files.isSymbolicLink(path)) {
      real = insideTarget(root, path);
      if (real == null || Files.isDirectory(real)) {
        leftOut.add(name + " (a link that leads outside, to nothing or to a folder)");
        return;
      }
    }
    BasicFileAttributes attributes =
        Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isDirectory()) {
      items.add(new Item(path, name + "/", 0, true));
      for (Path child : children(path, name, leftOut)) {
        collect(root, child, seen, items, leftOut);
      }
    } else if (!attributes.isRegularFile()) {
      leftOut.add(name + " (neither file nor folder)");
    } else if (!Files.isReadable(real)) {
      leftOut.add(name + " (not readable)");
    } else {
      items.add(new Item(real, name, attributes.size(), false));
    }
  }

  private static @Nullable Path insideTarget(Path root, Path link) {
    try {
      Path target = link.toRealPath();
      return target.startsWith(root.toRealPath()) ? target : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static List<Path> children(Path folder, String name, List<String> leftOut) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      leftOut.add(name + "/ (not readable)");
      return List.of();
    }
  }

  /**
   * @param packedSizes where given, takes how much each item adds; flushing for that packs worse
   */
  private Packed write(
      List<Item> items, Path archive, @Nullable Map<Item, Long> packedSizes, List<String> leftOut)
      throws IOException {
    MessageDigest digest = sha256();
    int files = 0;
    Counted counted;
    try (OutputStream file = Files.newOutputStream(archive)) {
      counted = new Counted(new DigestOutputStream(file, digest), limit);
      try (OutputStream zstd = new ZstdOutputStreamNoFinalizer(counted, 3);
          TarArchiveOutputStream tar = new TarArchiveOutputStream(zstd, "UTF-8")) {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        for (Item item : items) {
          long before = counted.count();
          put(tar, item);
          if (packedSizes != null) {
            zstd.flush(); // the archive's own flush does nothing
            packedSizes.put(item, counted.count() - before);
          }
          files += item.folder() ? 0 : 1;
        }
      }
    }
    String checksum = HexFormat.of().formatHex(digest.digest());
    return new Packed(archive, counted.count(), checksum, files, items.size(), leftOut);
  }

  private static void put(TarArchiveOutputStream tar, Item item) throws IOException {
    TarArchiveEntry entry =
        new TarArchiveEntry(
            item.name(), item.folder() ? TarConstants.LF_DIR : TarConstants.LF_NORMAL);
    entry.setIds(0, 0);
    entry.setNames("", ""); // the account on the node concerns nobody
    boolean program = !item.folder() && Files.isExecutable(item.path());
    entry.setMode(item.folder() || program ? 0755 : 0644);
    entry.setModTime(Files.getLastModifiedTime(item.path(), LinkOption.NOFOLLOW_LINKS).toMillis());
    entry.setSize(item.size());
    tar.putArchiveEntry(entry);
    if (!item.folder()) {
      try (InputStream in = Files.newInputStream(item.path())) {
        in.transferTo(tar);
      }
    }
    tar.closeArchiveEntry();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counts on beyond the limit without writing: the disk need not hold what will be left out. */
  private static final class Counted extends OutputStream {
    private final OutputStream out;
    private final long limit;
    private long count;

    Counted(OutputStream out, long limit) {
      this.out = out;
      this.limit = limit;
    }

    long count() {
      return count;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      count += length;
      if (count <= limit) {
        out.write(bytes, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
