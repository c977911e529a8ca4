package org.spinor.edge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;

/**
 * The files that pilots are started with: fetched once for all nodes, kept by their checksum, and
 * given out as long as the server does not name another one or is away.
 */
final class StartFiles {
  private static final String FOLDER = "/pilot/bundles/";
  private static final String CHECKSUM = ".sha256";

  /** A checksum that was asked for so lately is still right. */
  private static final Duration FRESH = Duration.ofSeconds(30);

  /** How long the server may be away before the last known checksum is used. */
  private static final Duration ASKING = Duration.ofSeconds(5);

  private record Known(String line, long asked) {
    String sum() {
      return line.strip().split("\\s+", 2)[0];
    }
  }

  private final Outside outside;
  private final Path folder;
  private final Map<String, Known> sums = new ConcurrentHashMap<>();
  private final ReentrantLock fetching = new ReentrantLock();

  /**
   * @param folder where they are kept; on the nodes too, where it is shared with them
   */
  StartFiles(Outside outside, Path folder) throws IOException {
    this.outside = outside;
    this.folder = Files.createDirectories(folder);
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*.part")) {
      for (Path part : parts) {
        Files.delete(part); // of an edge that is gone
      }
    }
  }

  /** Answers a request for such a file. */
  Answer answer(String target, Patience patience) throws InterruptedException {
    try {
      if (!target.startsWith(FOLDER)) {
        return outside.call(get(target), patience);
      }
      boolean sumWanted = target.endsWith(CHECKSUM);
      String bundle = sumWanted ? target.substring(0, target.length() - CHECKSUM.length()) : target;
      Known known = checksum(bundle, patience);
      if (known == null) {
        return outside.call(get(bundle + CHECKSUM), patience); // as the server refuses it
      }
      Path file = bundle(bundle, known.sum(), patience);
      return sumWanted
          ? Answer.of(
              200,
              Map.of("Content-Type", "text/plain"),
              known.line().getBytes(StandardCharsets.UTF_8))
          : new Answer(
              200,
              Map.of("Content-Type", "application/gzip"),
              Files.size(file),
              Files.newInputStream(file));
    } catch (IOException e) {
      return Answer.problem(
          ErrorCode.UNAVAILABLE, "the edge cannot have " + target + ": " + e.getMessage());
    }
  }

  private static Call get(String target) {
    return new Call("GET", target, Map.of(), Body.Bytes.NONE);
  }

  /** What the server says, else what it said last; null: it has no such file. */
  private @Nullable Known checksum(String bundle, Patience patience)
      throws IOException, InterruptedException {
    Path kept = folder.resolve(bundle.substring(FOLDER.length()) + CHECKSUM);
    Known last = sums.get(bundle);
    if (last != null && System.nanoTime() - last.asked() < FRESH.toNanos()) {
      return last;
    }
    boolean fallback = Files.isRegularFile(kept);
    try (Answer answer =
        outside.call(get(bundle + CHECKSUM), fallback ? Patience.of(ASKING) : patience)) {
      String line = new String(answer.body().readNBytes(1000), StandardCharsets.UTF_8);
      if (answer.status() == 200 && line.matches("(?s)[0-9a-f]{64}\\b.*")) {
        write(kept, line);
        return remember(bundle, line);
      }
      if (answer.status() != ErrorCode.UNAVAILABLE.httpStatus()) {
        return null;
      }
    }
    return fallback ? remember(bundle, Files.readString(kept)) : null;
  }

  private Known remember(String bundle, String line) {
    Known known = new Known(line, System.nanoTime());
    sums.put(bundle, known);
    return known;
  }

  private void write(Path file, String text) throws IOException {
    Path part = Files.createTempFile(folder, "sum", ".part");
    Files.writeString(part, text);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The file with this checksum, fetched if it is not here yet; one at a time. */
  private Path bundle(String bundle, String sum, Patience patience)
      throws IOException, InterruptedException {
    Path file = folder.resolve(sum + ".tar.gz");
    if (Files.isRegularFile(file)) {
      return file;
    }
    fetching.lockInterruptibly();
    try {
      return Files.isRegularFile(file) ? file : fetch(bundle, sum, file, patience);
    } finally {
      fetching.unlock();
    }
  }

  private Path fetch(String bundle, String sum, Path file, Patience patience)
      throws IOException, InterruptedException {
    Path part = folder.resolve(sum + ".part");
    try (Answer answer = outside.call(get(bundle), patience);
        InputStream in = new DigestInputStream(answer.body(), sha256())) {
      if (answer.status() != 200) {
        throw new IOException("the server answers " + answer.status());
      }
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      String got = HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
      if (!got.equals(sum)) {
        throw new IOException("it came with the checksum " + got + " instead of " + sum);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    removeOthers();
    return file;
  }

  /** Bundles that no checksum names any more. */
  private void removeOthers() throws IOException {
    try (DirectoryStream<Path> bundles = Files.newDirectoryStream(folder, "*.tar.gz")) {
      for (Path old : bundles) {
        String name = old.getFileName().toString();
        boolean named =
            sums.values().stream().anyMatch(known -> name.equals(known.sum() + ".tar.gz"));
        if (!named && Files.getLastModifiedTime(old).toInstant().isBefore(aWeekAgo())) {
          Files.delete(old);
        }
      }
    }
  }

  private static java.time.Instant aWeekAgo() {
    return java.time.Instant.now().minus(Duration.ofDays(7));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
