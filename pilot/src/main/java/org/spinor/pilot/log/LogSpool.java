package org.spinor.pilot.log;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The pilot's log on disk, up to a number of bytes, and how much of it the server has.
 *
 * <p>While the server is away and the limit is reached, the older half of what it has not seen is
 * dropped and a line in its place says so: offsets count what was or will be sent, so the server
 * never sees a gap. Lines also go to the given stream (standard error).
 */
public final class LogSpool implements Log.Sink, AutoCloseable {
  private final File path;
  private final long limit;
  private final PrintStream echo;
  private RandomAccessFile file;

  /** Bytes of the stream that went before the file's first byte. */
  private long base;

  /** Position in the file up to which the server has it. */
  private long sent;

  private boolean diskFailed;

  /**
   * @param limit bytes on disk; at least 4096
   */
  public LogSpool(Path path, long limit, PrintStream echo) throws IOException {
    this.path = path.toFile();
    this.limit = Math.max(4096, limit);
    this.echo = echo;
    this.file = new RandomAccessFile(this.path, "rw");
    this.file.setLength(0);
  }

  /** A part of the log that the server does not have. */
  public static final class Part {
    private final long offset;
    private final byte[] bytes;

    Part(long offset, byte[] bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }

    /** Where it begins in the whole stream. */
    public long offset() {
      return offset;
    }

    public byte[] bytes() {
      return bytes;
    }
  }

  @Override
  public void line(String line) {
    echo.print(line);
    echo.flush();
    append(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts text before everything else, as it is: what was said before the pilot began. */
  public synchronized void append(byte[] bytes) {
    if (diskFailed) {
      return;
    }
    try {
      if (file.length() + bytes.length > limit) {
        makeRoom();
      }
      file.seek(file.length());
      file.write(bytes);
    } catch (IOException e) {
      // A full disk must not end the pilot, and cannot be logged into the same disk.
      diskFailed = true;
      echo.println("the pilot's log file cannot be written any more: " + e.getMessage());
    }
  }

  private void makeRoom() throws IOException {
    long length = file.length();
    long unsent = length - sent;
    long dropped = unsent > limit / 2 ? unsent - limit / 2 : 0;
    byte[] kept = read(sent + dropped, length);
    byte[] note =
        dropped == 0
            ? new byte[0]
            : ("[" + dropped + " bytes of the log left out: the server was away too long]\n")
                .getBytes(StandardCharsets.UTF_8);
    base += sent;
    sent = 0;
    file.setLength(0);
    file.seek(0);
    file.write(note);
    file.write(kept);
  }

  private byte[] read(long from, long to) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(to - from)];
    file.seek(from);
    file.readFully(bytes);
    return bytes;
  }

  /** What comes next, at most so many bytes; empty when the server has everything. */
  public synchronized Part next(int atMost) {
    try {
      long end = Math.min(file.length(), sent + atMost);
      return new Part(base + sent, read(sent, end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The server has everything before this offset. An offset that the spool has dropped or never had
   * is moved to the nearest it has.
   *
   * @return false where the offset was not within the spool
   */
  public synchronized boolean acknowledge(long offset) {
    try {
      long position = offset - base;
      sent = Math.clamp(position, 0, file.length());
      return position == sent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Goes on at an offset where the server wants it although nothing of that offset is kept: what is
   * unsent is counted from there.
   */
  public synchronized void rebase(long offset) {
    base = offset - sent;
  }

  /** The last bytes, for a message about a failure. */
  public synchronized String tail(int bytes) {
    try {
      long length = file.length();
      byte[] last = read(Math.max(0, length - bytes), length);
      return new String(Arrays.copyOf(last, last.length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
