package org.spinor.server.identity.tokens;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562): they sort by the time they were made, so an index likes them. */
public final class Uuid7 {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Uuid7() {}

  public static UUID at(Instant time) {
    byte[] random = new byte[10];
    RANDOM.nextBytes(random);
    long high = ((random[0] & 0x0fL) << 8) | (random[1] & 0xffL);
    long low = 0;
    for (int i = 2; i < random.length; i++) {
      low = (low << 8) | (random[i] & 0xffL);
    }
    return new UUID(
        (time.toEpochMilli() << 16) | 0x7000L | high, (low & 0x3fff_ffff_ffff_ffffL) | (1L << 63));
  }
}
