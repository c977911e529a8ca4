package org.spinor.spi.computing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of a site that its worker nodes see too, reached from outside, as over SSH. Paths are
 * relative to it, their names separated by slashes; the empty path is the folder itself.
 *
 * <p><b>Threads.</b> All methods may be called at the same time from several threads, which may be
 * virtual. They block.
 *
 * <p><b>Failures.</b> {@link NoSuchFileException} where a file, or the folder in which it should
 * be, is not there; any other {@link IOException} where the site cannot be reached, refuses, or is
 * too slow: its message is for operators. The folder stays usable: what broke is connected again at
 * the next use. A thread that is interrupted gets an {@link IOException}, and stays interrupted.
 *
 * <p><b>Time.</b> A call that is about one file of a few kilobytes, or one listing, ends within
 * {@link ComputingElementContext#timeLimit()}, and so does each piece of a longer one.
 */
public interface SiteFolder extends AutoCloseable {

  /**
   * A file or a folder.
   *
   * @param name its last name
   * @param size of a file, bytes
   * @param changed by the clock of the site, to the second
   */
  record Entry(String name, long size, Instant changed) {}

  /** Writes the content of a file. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Which folder this is, for people, as {@code pilot@login01.example.org:/shared/spool}. Two that
   * say the same are the same. Touches nothing and nobody.
   */
  String place();

  /** Makes a folder that only its owner may enter, and those above it; one that is there stays. */
  void makeFolder(String path) throws IOException;

  /** Who may do what with a file or a folder. */
  Set<PosixFilePermission> permissions(String path) throws IOException;

  /** What is in a folder, in no order; in one pass, whatever their number. */
  List<Entry> list(String path) throws IOException;

  /** The names of what is in a folder, for whoever wants no more. */
  default List<String> names(String path) throws IOException {
    return list(path).stream().map(Entry::name).toList();
  }

  /** What is known of one file or folder; empty: it is not there. */
  Optional<Entry> look(String path) throws IOException;

  /**
   * The beginning of a file, in few steps.
   *
   * @param most bytes; less come only where the file is shorter
   */
  byte[] begin(String path, int most) throws IOException;

  /** A file from a byte on; to be closed. */
  InputStream read(String path, long from) throws IOException;

  /**
   * Writes a file and moves it to its place in one step, over one that is there: nobody ever sees
   * half of it, nor nothing where there was one.
   *
   * @param part where it is written; nobody else uses this path
   * @param path its place; where it is not reached, as the content fails, the part is removed
   * @throws NoSuchFileException the folder of one of them is not there
   */
  void write(String part, String path, Content content) throws IOException;

  /** Removes a file or an empty folder; one that is not there is no failure. */
  void remove(String path) throws IOException;

  /** Lets go of connections. */
  @Override
  void close();
}
