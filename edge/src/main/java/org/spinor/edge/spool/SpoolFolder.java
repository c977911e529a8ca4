package org.spinor.edge.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.spinor.spi.computing.SiteFolder;

/**
 * The spool as whoever answers sees it, however it is reached. Several may look at one spool for a
 * while, as when one takes over from another, and what a connection was given before it was given
 * up may still be done: so whatever is begun to be written has a name of its own.
 */
public final class SpoolFolder {
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
  private static final String PART = "a-";

  private final SiteFolder folder;
  private final String self = UUID.randomUUID().toString();
  private final AtomicLong parts = new AtomicLong();

  public SpoolFolder(SiteFolder folder) {
    this.folder = folder;
  }

  /** What it stands in. */
  public SiteFolder folder() {
    return folder;
  }

  /**
   * Makes what is missing. Whoever may read the folder has the tokens of all pilots, so it must be
   * the account's alone.
   *
   * @throws IOException it cannot be made, or others may enter it
   */
  public void prepare() throws IOException {
    folder.makeFolder("");
    if (!OWN.containsAll(folder.permissions(""))) {
      throw new IOException(
          folder.place()
              + " may be entered by other accounts, and will hold the tokens of pilots: chmod 700 "
              + folder.place().replaceFirst("^[^/]*:", ""));
    }
    for (String name : List.of(Spool.REQUESTS, Spool.ANSWERS, Spool.TMP, Spool.BUNDLES)) {
      folder.makeFolder(name);
    }
  }

  /** Requests to be answered, in no order. */
  public List<String> requests() throws IOException {
    return folder.names(Spool.REQUESTS);
  }

  /** The path of a request in the folder; it may be gone. */
  public static String request(String name) {
    return Spool.REQUESTS + "/" + name;
  }

  /** Whether a name is one that clients give, and so has a place for its answer. */
  public static boolean isName(String name) {
    return name.matches("[A-Za-z0-9_-]{1,120}\\.[0-9]{1,18}");
  }

  /** Whether the answer is there. */
  public boolean isAnswered(String name) throws IOException {
    return folder.look(Spool.answerPath(name)).isPresent();
  }

  /** The request needs no answer any more. */
  public void removeRequest(String name) throws IOException {
    folder.remove(request(name));
  }

  /**
   * Puts an answer into its place; nothing where the client has ended and taken its place along.
   */
  public void answer(String name, byte[] head, SiteFolder.Content body) throws IOException {
    try {
      folder.write(
          part(name),
          Spool.answerPath(name),
          out -> {
            out.write(head);
            body.writeTo(out);
          });
    } catch (NoSuchFileException e) {
      // nobody waits
    }
  }

  private String part(String what) {
    return Spool.TMP + "/" + PART + what + "-" + self + "-" + parts.incrementAndGet();
  }

  /** Says that this one lives, and what it does. */
  public void say(String text) throws IOException {
    folder.write(
        part("alive"),
        Spool.ALIVE,
        out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes a file as answers are written, and takes it away again.
   *
   * @throws IOException answers could not be written
   */
  public void probe() throws IOException {
    String file = Spool.TMP + "/probe-" + self;
    folder.write(part("probe"), file, out -> out.write('\n'));
    folder.remove(file);
  }

  /** Removes what others had begun to write, the last time before then. */
  public void removeParts(Instant before) throws IOException {
    for (SiteFolder.Entry part : folder.list(Spool.TMP)) {
      if (part.name().startsWith(PART) && part.changed().isBefore(before)) {
        folder.remove(Spool.TMP + "/" + part.name());
      }
    }
  }

  /** Removes the places of clients that ended without a word before then. */
  public void removeClients(Instant before) throws IOException {
    for (SiteFolder.Entry client : folder.list(Spool.ANSWERS)) {
      if (client.changed().isBefore(before)) {
        String place = Spool.ANSWERS + "/" + client.name();
        for (String answer : folder.names(place)) {
          folder.remove(place + "/" + answer);
        }
        folder.remove(place);
      }
    }
  }
}
