package org.spinor.edge.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The folder that nodes and the edge share, as nodes see it; {@link SpoolFolder} is the other side.
 * A request is {@code requests/CLIENT.NUMBER}, its answer {@code answers/CLIENT/NUMBER}; both are
 * written below {@code tmp} and moved to their place in one step, so that nobody sees half of one.
 * The client takes its request away when it has the answer, or waits no more; a request that is
 * still there is still to be answered, whatever broke since.
 */
public final class Spool {
  /** Names of files and folders. */
  static final String REQUESTS = "requests";

  static final String ANSWERS = "answers";
  static final String TMP = "tmp";
  static final String ALIVE = "edge";

  /** Where the files are with which pilots are started, by their checksums. */
  public static final String BUNDLES = "bundles";

  private final Path folder;

  public Spool(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  public Path folder() {
    return folder;
  }

  /** Says with which name a client comes: {@code CLIENT.NUMBER}. */
  static String name(String client, long number) {
    return client + "." + number;
  }

  Path answers(String client) {
    return folder.resolve(ANSWERS).resolve(client);
  }

  /** The file of a request; it may be gone. */
  Path request(String name) {
    return folder.resolve(REQUESTS).resolve(name);
  }

  /** Where in the folder the answer to a request will be. */
  static String answerPath(String name) {
    int dot = name.lastIndexOf('.');
    return ANSWERS + "/" + name.substring(0, dot) + "/" + name.substring(dot + 1);
  }

  /** Puts a request into its place. */
  void ask(String name, byte[] head, Message.BodyWriter body) throws IOException {
    Path written = folder.resolve(TMP).resolve("q-" + name);
    try {
      Message.write(written, head, body);
      Files.move(written, request(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Where the answer to a request will be. */
  Path placeOfAnswer(String name) {
    return folder.resolve(answerPath(name));
  }

  /** What the edge last said of itself; empty: there was none. */
  Optional<String> lastSaid() {
    try {
      return Optional.of(Files.readString(folder.resolve(ALIVE)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
