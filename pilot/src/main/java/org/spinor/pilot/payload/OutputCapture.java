package org.spinor.pilot.payload;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps what a payload prints: the first and the last half of a limit. What lies between is counted
 * and left out, so that a payload that prints without end neither stops nor fills the disk.
 * Thread-safe: two streams may be captured into one.
 */
public final class OutputCapture implements Closeable {
  private final long half;
  private final RandomAccessFile head;
  private final RandomAccessFile ring;
  private final Path headPath;
  private final Path ringPath;
  private long total;
  private boolean failed;
  private boolean closed;

  /**
   * @param folder for the two halves while the payload runs; not the payload's own, which may
   *     delete what it finds there
   * @param name of their files
   * @param limit bytes kept, at least 2
   */
  public OutputCapture(Path folder, String name, long limit) throws IOException {
    this.half = Math.max(1, limit / 2);
    this.headPath = folder.resolve(name + ".head");
    this.ringPath = folder.resolve(name + ".tail");
    this.head = new RandomAccessFile(headPath.toFile(), "rw");
    this.ring = new RandomAccessFile(ringPath.toFile(), "rw");
  }

  /** Takes what was printed. A full disk loses the text but never stops the payload. */
  public synchronized void write(byte[] bytes, int length) {
    if (closed) {
      return;
    }
    int toHead = Math.clamp(half - total, 0, length);
    try {
      if (toHead > 0) {
        head.write(bytes, 0, toHead);
      }
      writeRing(bytes, toHead, length, total + toHead - half);
    } catch (IOException e) {
      failed = true;
    }
    total += length;
  }

  private void writeRing(byte[] bytes, int from, int to, long place) throws IOException {
    int start = (int) Math.max(from, to - half);
    long position = place + (start - from);
    while (start < to) {
      long inRing = position % half;
      int count = (int) Math.min(to - start, half - inRing);
      ring.seek(inRing);
      ring.write(bytes, start, count);
      start += count;
      position += count;
    }
  }

  /** Bytes printed so far, those left out included. */
  public synchronized long total() {
    return total;
  }

  /** Whether some of the text is lost because it could not be written to disk. */
  public synchronized boolean failed() {
    return failed;
  }

  /**
   * The last lines, as valid text.
   *
   * @param maxBytes at most so many bytes
   */
  public synchronized String tail(int lines, int maxBytes) {
    if (closed) {
      return "";
    }
    try {
      byte[] last = last((int) Math.min(Math.min(maxBytes, half), total));
      return lastLines(decode(last), lines);
    } catch (IOException e) {
      return "";
    }
  }

  private byte[] last(int count) throws IOException {
    byte[] bytes = new byte[count];
    long inRing = Math.min(total - Math.min(total, half), half);
    int fromRing = (int) Math.min(inRing, count);
    int fromHead = count - fromRing;
    if (fromHead > 0) {
      long position = head.length();
      head.seek(position - fromHead);
      head.readFully(bytes, 0, fromHead);
      head.seek(position);
    }
    readRing(total - half - fromRing, bytes, fromHead, fromRing);
    return bytes;
  }

  private void readRing(long place, byte[] bytes, int offset, int count) throws IOException {
    int done = 0;
    while (done < count) {
      long inRing = (place + done) % half;
      int piece = (int) Math.min(count - done, half - inRing);
      ring.seek(inRing);
      ring.readFully(bytes, offset + done, piece);
      done += piece;
    }
  }

  /** Text from bytes that may begin within a character. */
  private static String decode(byte[] bytes) {
    int start = 0;
    while (start < Math.min(3, bytes.length) && (bytes[start] & 0xC0) == 0x80) {
      start++;
    }
    return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8)
        .replace("\0", "\uFFFD");
  }

  private static String lastLines(String text, int lines) {
    int at = text.length() - (text.endsWith("\n") ? 1 : 0);
    for (int i = 0; i < lines && at >= 0; i++) {
      at = text.lastIndexOf('\n', at - 1);
      if (at == 0) {
        return i + 1 < lines ? text : text.substring(1);
      }
    }
    return at < 0 ? text : text.substring(at + 1);
  }

  /**
   * Writes the kept text to a file, after what the payload itself may have written there; nothing
   * is taken any more. A link in the file's place is replaced, not followed.
   */
  public synchronized void saveTo(Path target) throws IOException {
    closed = true;
    if (Files.isSymbolicLink(target)) {
      Files.delete(target);
    }
    try (OutputStream out = new FileOutputStream(target.toFile(), true)) {
      head.seek(0);
      copy(head.length(), (position, buffer, count) -> head.readFully(buffer, 0, count), out);
      long beyond = Math.max(0, total - half);
      if (beyond > half) {
        out.write(leftOut(beyond - half).getBytes(StandardCharsets.UTF_8));
      }
      long kept = Math.min(beyond, half);
      copy(
          kept,
          (position, buffer, count) -> readRing(beyond - kept + position, buffer, 0, count),
          out);
    }
  }

  private String leftOut(long bytes) {
    return "\n["
        + bytes
        + " bytes left out here: only the first and the last "
        + half
        + " bytes are kept]\n";
  }

  private interface Reader {
    void read(long position, byte[] buffer, int count) throws IOException;
  }

  private static void copy(long length, Reader from, OutputStream to) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (long done = 0; done < length; ) {
      int count = (int) Math.min(buffer.length, length - done);
      from.read(done, buffer, count);
      to.write(buffer, 0, count);
      done += count;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    head.close();
    ring.close();
    Files.deleteIfExists(headPath);
    Files.deleteIfExists(ringPath);
  }
}
