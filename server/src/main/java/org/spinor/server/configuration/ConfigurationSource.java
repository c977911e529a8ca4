package org.spinor.server.configuration;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Where the configuration comes from. Used by one thread at a time, but for the history. */
interface ConfigurationSource extends AutoCloseable {
  /**
   * One version of the text.
   *
   * @param revision 40 hexadecimal digits
   */
  record Version(String text, String revision, Instant changed) {}

  /**
   * A new version that somebody makes.
   *
   * @param base on which it was made
   */
  record Edit(Version base, String text, Author author, String reason) {}

  /** The newest version is another one than that on which an edit was made. */
  final class MovedException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** In words, for messages. */
  String name();

  /** The newest version there is. */
  Version newest() throws IOException;

  /** The version is valid and will be in force; says under which revision it is kept. */
  default Version accept(Version version) throws IOException {
    return version;
  }

  /**
   * Keeps a valid edit as the newest version, if its base still is the newest one; decided where
   * the versions are kept, so that of two servers only one can win.
   *
   * @throws MovedException somebody was faster: nothing was changed
   * @throws IOException it cannot be kept: nothing was changed
   */
  Version commit(Edit edit) throws IOException, MovedException;

  /** All versions that there were; empty where none are kept. */
  default Optional<GitHistory> history() {
    return Optional.empty();
  }

  /** How often to look for a new version. */
  default Duration every() {
    return Duration.ofSeconds(5);
  }

  @Override
  default void close() {}
}
