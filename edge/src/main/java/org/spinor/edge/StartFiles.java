package org.spinor.edge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.spi.computing.SiteFolder;

/**
 * The files that pilots are started with: fetched once for all nodes, kept by their checksum, and
 * given out as long as the server does not name another one or is away.
 */
final class StartFiles {
  private static final String FOLDER = "/pilot/bundles/";
  private static final String CHECKSUM = ".sha256";
  private static final String BUNDLE = ".tar.gz";
  private static final String PART = ".part";

  /** A checksum and its file's name are no longer. */
  private static final int LINE = 1000;

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
  private final SiteFolder folder;
  private final String place;
  private final Map<String, Known> sums = new ConcurrentHashMap<>();
  private final ReentrantLock fetching = new ReentrantLock();

  /**
   * @param folder in which they are kept; on the nodes too, where it is shared with them
   * @param place path in there
   */
  StartFiles(Outside outside, SiteFolder folder, String place) {
    this.outside = outside;
    this.folder = folder;
    this.place = place;
  }

  /** Makes the place, and removes what an edge that is gone had begun to write. */
  void prepare() throws IOException {
    folder.makeFolder(place);
    for (String name : folder.names(place)) {
      if (name.endsWith(PART)) {
        folder.remove(at(name));
      }
    }
  }

  private String at(String name) {
    return place + "/" + name;
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
      SiteFolder.Entry file = bundle(bundle, known.sum(), patience);
      return sumWanted
          ? Answer.of(
              200,
              Map.of("Content-Type", "text/plain"),
              known.line().getBytes(StandardCharsets.UTF_8))
          : new Answer(
              200,
              Map.of("Content-Type", "application/gzip"),
              file.size(),
              folder.read(at(file.name()), 0));
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
    String kept = bundle.substring(FOLDER.length()) + CHECKSUM;
    Known last = sums.get(bundle);
    if (last != null && System.nanoTime() - last.asked() < FRESH.toNanos()) {
      return last;
    }
    boolean fallback = folder.look(at(kept)).isPresent();
    try (Answer answer =
        outside.call(get(bundle + CHECKSUM), fallback ? Patience.of(ASKING) : patience)) {
      String line = new String(answer.body().readNBytes(LINE), StandardCharsets.UTF_8);
      if (answer.status() == 200 && line.matches("(?s)[0-9a-f]{64}\\b.*")) {
        if (!fallback || last == null || !last.line().equals(line)) {
          write(kept, out -> out.write(line.getBytes(StandardCharsets.UTF_8)));
        }
        return remember(bundle, line);
      }
      if (answer.status() != ErrorCode.UNAVAILABLE.httpStatus()) {
        return null;
      }
    }
    return fallback
        ? remember(bundle, new String(folder.begin(at(kept), LINE), StandardCharsets.UTF_8))
        : null;
  }

  private Known remember(String bundle, String line) {
    Known known = new Known(line, System.nanoTime());
    sums.put(bundle, known);
    return known;
  }

  private void write(String name, SiteFolder.Content content) throws IOException {
    folder.write(at(name + "-" + UUID.randomUUID() + PART), at(name), content);
  }

  /** The file with this checksum, fetched if it is not here (any more); one at a time. */
  private SiteFolder.Entry bundle(String bundle, String sum, Patience patience)
      throws IOException, InterruptedException {
    String path = at(sum + BUNDLE);
    Optional<SiteFolder.Entry> there = folder.look(path);
    if (there.isPresent()) {
      return there.get();
    }
    fetching.lockInterruptibly();
    try {
      if (folder.look(path).isEmpty()) {
        fetch(bundle, sum, patience);
      }
      return folder.look(path).orElseThrow(() -> new NoSuchFileException(path));
    } finally {
      fetching.unlock();
    }
  }

  private void fetch(String bundle, String sum, Patience patience)
      throws IOException, InterruptedException {
    MessageDigest digest = sha256();
    try (Answer answer = outside.call(get(bundle), patience);
        InputStream in = new DigestInputStream(answer.body(), digest)) {
      if (answer.status() != 200) {
        throw new IOException("the server answers " + answer.status());
      }
      write(
          sum + BUNDLE,
          out -> {
            in.transferTo(out);
            String got = HexFormat.of().formatHex(digest.digest());
            if (!got.equals(sum)) {
              throw new IOException("it came with the checksum " + got + " instead of " + sum);
            }
          });
    }
    removeOthers();
  }

  /** Bundles that no checksum names any more, and parts of edges that are gone. */
  private void removeOthers() throws IOException {
    for (SiteFolder.Entry old : folder.list(place)) {
      String name = old.name();
      boolean named = sums.values().stream().anyMatch(known -> name.equals(known.sum() + BUNDLE));
      boolean superfluous = name.endsWith(PART) || (name.endsWith(BUNDLE) && !named);
      if (superfluous && old.changed().isBefore(aWeekAgo())) {
        folder.remove(at(name));
      }
    }
  }

  private static Instant aWeekAgo() {
    return Instant.now().minus(Duration.ofDays(7));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
