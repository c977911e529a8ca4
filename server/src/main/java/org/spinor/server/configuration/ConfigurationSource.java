package org.spinor.server.configuration;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Where the configuration comes from. Used by one thread at a time. */
interface ConfigurationSource extends AutoCloseable {
  /**
   * One version of the text.
   *
   * @param revision 40 hexadecimal digits
   */
  record Version(String text, String revision, Instant changed) {}

  /** In words, for messages. */
  String name();

  /** The newest version there is. */
  Version newest() throws IOException;

  /** The version is valid and will be in force; says under which revision it is kept. */
  default Version accept(Version version) throws IOException {
    return version;
  }

  /** How often to look for a new version. */
  default Duration every() {
    return Duration.ofSeconds(5);
  }

  @Override
  default void close() {}
}
