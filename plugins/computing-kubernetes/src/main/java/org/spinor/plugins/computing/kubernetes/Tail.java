package org.spinor.plugins.computing.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The last bytes of a text that comes piece by piece. */
final class Tail {
  private final byte[] ring;
  private long written;

  Tail(int maxBytes) {
    this.ring = new byte[maxBytes];
  }

  void write(int b) {
    ring[(int) (written % ring.length)] = (byte) b;
    written++;
  }

  boolean isTruncated() {
    return written > ring.length;
  }

  String text() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int size = (int) Math.min(written, ring.length);
    int from = (int) ((written - size) % ring.length);
    int first = Math.min(size, ring.length - from);
    bytes.write(ring, from, first);
    bytes.write(ring, 0, size - first);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
