package org.spinor.plugins.computing.batch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Many small files as one: a tar in the format of POSIX. Only their owner may read them. */
final class Bundle {
  private static final int BLOCK = 512;
  private static final int NAME = 100;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /**
   * @param folder relative, at most 155 characters; empty: none
   * @param name at most 100 characters
   */
  Bundle file(String folder, String name, String content) {
    return file(folder, name, "0000600", content);
  }

  /** A file that can be run; as {@link #file}. */
  Bundle program(String folder, String name, String content) {
    return file(folder, name, "0000700", content);
  }

  private Bundle file(String folder, String name, String mode, String content) {
    byte[] data = content.getBytes(StandardCharsets.UTF_8);
    header(folder, name, mode, data.length, '0');
    bytes.writeBytes(data);
    bytes.writeBytes(new byte[(BLOCK - data.length % BLOCK) % BLOCK]);
    return this;
  }

  Bundle folder(String name) {
    header("", name + "/", "0000700", 0, '5');
    return this;
  }

  byte[] toBytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes.toByteArray());
    // Two empty blocks are the end.
    whole.writeBytes(new byte[2 * BLOCK]);
    return whole.toByteArray();
  }

  private void header(String folder, String name, String mode, int size, char type) {
    if (name.length() > NAME) {
      throw new IllegalArgumentException("too long for a tar: " + name);
    }
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, mode);
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, String.format(Locale.ROOT, "%011o", size));
    put(header, 136, String.format(Locale.ROOT, "%011o", System.currentTimeMillis() / 1000));
    put(header, 156, String.valueOf(type));
    put(header, 257, "ustar");
    put(header, 263, "00");
    put(header, 345, folder);
    // The sum is taken with blanks in its own place.
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format(Locale.ROOT, "%06o", sum) + "\0 ");
    bytes.writeBytes(header);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(ascii, 0, header, at, ascii.length);
  }
}
