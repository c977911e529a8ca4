package org.spinor.edge.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The head of a request or an answer in a file: a first line, lines {@code Name: value}, an empty
 * line; what follows to the end of the file is the body. Lines end with a newline, so that a shell
 * can write and read them.
 *
 * @param first {@code POST /path?query} of a request, the status of an answer
 * @param bodyAt where in the file the body begins
 */
public record Message(String first, Map<String, String> headers, long bodyAt) {
  /** Bytes in which a head must have its end. */
  public static final int LONGEST_HEAD = 32 * 1024;

  public Message {
    headers = Map.copyOf(headers);
  }

  /** As it stands in a file. */
  public static byte[] head(String first, Map<String, String> headers) {
    StringBuilder head = new StringBuilder(line(first));
    headers.forEach((name, value) -> head.append(line(name + ": " + value)));
    return head.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String line(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a line break in a head");
    }
    return text + "\n";
  }

  /**
   * Reads the head of a file.
   *
   * @throws IOException it cannot be read, or is no message
   */
  public static Message read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in.readNBytes(LONGEST_HEAD));
    }
  }

  /**
   * Reads the head at the beginning of a message.
   *
   * @throws IOException it is none
   */
  public static Message of(byte[] beginning) throws IOException {
    String first = "";
    Map<String, String> headers = new LinkedHashMap<>();
    int from = 0;
    for (int at = 0; at < beginning.length; at++) {
      if (beginning[at] != '\n') {
        continue;
      }
      if (at == from) {
        return new Message(first, headers, at + 1L);
      }
      String line = new String(beginning, from, at - from, StandardCharsets.ISO_8859_1);
      if (first.isEmpty()) {
        first = line;
      } else {
        add(headers, line);
      }
      from = at + 1;
    }
    throw new IOException("no message: its head has no end");
  }

  private static void add(Map<String, String> headers, String line) {
    int colon = line.indexOf(':');
    if (colon > 0) {
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
  }

  /** Writes a file of this head and what the body writes. */
  static void write(Path file, byte[] head, BodyWriter body) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(head);
      body.writeTo(out);
    }
  }

  /** Writes the body of a message. */
  public interface BodyWriter {
    void writeTo(OutputStream out) throws IOException;
  }
}
