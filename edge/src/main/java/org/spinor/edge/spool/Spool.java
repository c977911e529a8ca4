package org.spinor.edge.spool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folder that nodes and the edge share. A request is {@code requests/CLIENT.NUMBER}, its answer
 * {@code answers/CLIENT/NUMBER}; both are written below {@code tmp} and moved to their place in one
 * step, so that nobody sees half of one. The client takes its request away when it has the answer,
 * or waits no more; a request that is still there is still to be answered, whatever broke since.
 */
public final class Spool {
  /** Names of files and folders. */
  private static final String REQUESTS = "requests";

  private static final String ANSWERS = "answers";
  private static final String TMP = "tmp";
  private static final String ALIVE = "edge";
  private static final String BUNDLES = "bundles";

  private final Path folder;

  public Spool(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  public Path folder() {
    return folder;
  }

  /** Where the edge says that it lives, and what it does. */
  public Path alive() {
    return folder.resolve(ALIVE);
  }

  /** Where the files are with which pilots are started, by their checksums. */
  public Path bundles() {
    return folder.resolve(BUNDLES);
  }

  /**
   * Makes what is missing. Whoever may read the folder has the tokens of all pilots, so it must be
   * the account's alone.
   *
   * @throws IOException it cannot be made, or others may enter it
   */
  public void prepare() throws IOException {
    Set<PosixFilePermission> own = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, own);
    }
    if (!own.containsAll(Files.getPosixFilePermissions(folder))) {
      throw new IOException(
          folder
              + " may be entered by other accounts, and will hold the tokens of pilots: chmod 700 "
              + folder);
    }
    for (String name : List.of(REQUESTS, ANSWERS, TMP, BUNDLES)) {
      Files.createDirectories(folder.resolve(name));
    }
  }

  /** Says with which name a client comes: {@code CLIENT.NUMBER}. */
  static String name(String client, long number) {
    return client + "." + number;
  }

  Path answers(String client) {
    return folder.resolve(ANSWERS).resolve(client);
  }

  /** Requests to be answered, in no order. */
  public List<String> requests() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(REQUESTS))) {
      for (Path file : files) {
        names.add(file.getFileName().toString());
      }
    }
    return names;
  }

  /** The file of a request; it may be gone. */
  public Path request(String name) {
    return folder.resolve(REQUESTS).resolve(name);
  }

  /** Whether a name is one that clients give, and so has a place for its answer. */
  public static boolean isName(String name) {
    return name.matches("[A-Za-z0-9_-]{1,120}\\.[0-9]{1,18}");
  }

  private Path answer(String name) {
    int dot = name.lastIndexOf('.');
    return answers(name.substring(0, dot)).resolve(name.substring(dot + 1));
  }

  /** Whether the answer is there. */
  public boolean isAnswered(String name) {
    return Files.exists(answer(name));
  }

  /** Puts a request into its place. */
  void ask(String name, byte[] head, Message.BodyWriter body) throws IOException {
    put("q-" + name, request(name), head, body);
  }

  /**
   * Puts an answer into its place, where somebody still waits for it.
   *
   * @return whether somebody did
   */
  public boolean answer(String name, byte[] head, Message.BodyWriter body) throws IOException {
    try {
      put("a-" + name, answer(name), head, body);
      return true;
    } catch (NoSuchFileException e) {
      return false; // the client has ended and taken its folder along
    }
  }

  private void put(String part, Path place, byte[] head, Message.BodyWriter body)
      throws IOException {
    Path written = folder.resolve(TMP).resolve(part);
    try {
      Message.write(written, head, body);
      Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Where the answer to a request will be. */
  Path placeOfAnswer(String name) {
    return answer(name);
  }

  /** What an edge that is gone had begun to write. */
  public void removeParts() throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder.resolve(TMP), "a-*")) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  /** What the edge last said of itself; empty: there was none. */
  Optional<String> lastSaid() {
    try {
      return Optional.of(Files.readString(alive()).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
