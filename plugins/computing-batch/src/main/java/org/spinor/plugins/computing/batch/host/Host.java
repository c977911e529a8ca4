package org.spinor.plugins.computing.batch.host;

import java.time.Duration;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

/**
 * A submission host: runs commands and keeps files. Safe for use by many threads.
 *
 * <p>All methods throw {@link TemporaryException} where the host cannot be reached, is too slow, or
 * the thread is interrupted; {@link MisconfiguredException} or {@link RefusedException} where it
 * cannot work before an operator acts.
 */
public interface Host extends AutoCloseable {
  /** What a command wrote, and how it ended. */
  record Answer(int exitCode, String output, String complaint) {
    /** What explains a failure: complaints, else output, else the exit code. */
    public String words() {
      String words = complaint.isBlank() ? output : complaint;
      return words.isBlank() ? "exit code " + exitCode : words.strip();
    }
  }

  /** The end of a file; nothing where there is none. */
  record Tail(String text, boolean truncated) {
    public static final Tail NOTHING = new Tail("", false);
  }

  /** For messages: {@code this host}, {@code pilot@login.example.org}. */
  String title();

  /** Absolute path of the folder below which files may be kept. */
  String home();

  /**
   * Runs a command to its end. One that takes longer is ended.
   *
   * @param limit how long it may take
   */
  Answer run(BatchCommand command, Duration limit);

  /** Writes a new file that only its owner can read; its folder exists. */
  void put(String path, byte[] content, Duration limit);

  /**
   * @param maxBytes of the file at most so much, its end
   */
  Tail tail(String path, int maxBytes, Duration limit);

  @Override
  void close();
}
