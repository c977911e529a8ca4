package org.spinor.server.validation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/** The same for files of the same names and contents, and for no others. */
final class Fingerprint {
  private Fingerprint() {}

  static String of(SortedMap<String, Path> files) throws IOException {
    MessageDigest all = sha256();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      byte[] name = file.getKey().getBytes(StandardCharsets.UTF_8);
      // The lengths keep names and contents apart.
      all.update((name.length + ":").getBytes(StandardCharsets.US_ASCII));
      all.update(name);
      all.update(content(file.getValue()));
    }
    return HexFormat.of().formatHex(all.digest());
  }

  private static byte[] content(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
