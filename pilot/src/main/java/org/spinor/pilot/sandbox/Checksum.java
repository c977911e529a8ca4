package org.spinor.pilot.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The checksum of a sandbox, which is part of its name. */
public final class Checksum {
  private static final Pattern IN_NAME = Pattern.compile("/sha256:([0-9a-f]{64})\\.");

  private Checksum() {}

  /** The SHA-256 that a sandbox's name promises; empty where it names none. */
  public static Optional<String> promised(String pfn) {
    Matcher matcher = IN_NAME.matcher(pfn);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The SHA-256 of a file, in hexadecimal digits. */
  public static String of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 * 1024];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
