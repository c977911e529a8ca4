package org.spinor.edge;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Addresses of ours that stand for places of sandboxes: the server's own, or signed ones of an
 * object store. Only the server's answers make them; a signature keeps everybody else from making
 * one. The key is kept, so that they outlive a restart.
 */
final class Addresses {
  /** Their path up to the place. */
  static final String PREFIX = "/edge/store/";

  static final int KEY_BYTES = 32;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKeySpec key;

  Addresses(byte[] key) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  /** With the key in this file, which is made where it is missing. */
  static Addresses of(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] fresh = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(fresh);
      Path part =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              "key",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(part, fresh);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
    byte[] key = Files.readAllBytes(file);
    if (key.length != KEY_BYTES) {
      throw new IOException(file + " is no key of an edge; remove it, and a new one is made");
    }
    return new Addresses(key);
  }

  /** The path that stands for a place. */
  String hide(URI place) {
    String text = ENCODER.encodeToString(place.toString().getBytes(StandardCharsets.UTF_8));
    return PREFIX + text + "." + sign(text);
  }

  /** The place behind such a path; empty: nobody here made it. */
  Optional<URI> open(String path) {
    int dot = path.lastIndexOf('.');
    if (!path.startsWith(PREFIX) || dot < PREFIX.length()) {
      return Optional.empty();
    }
    String text = path.substring(PREFIX.length(), dot);
    byte[] shown = path.substring(dot + 1).getBytes(StandardCharsets.US_ASCII);
    byte[] right = sign(text).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(shown, right)) {
      return Optional.empty();
    }
    return Optional.of(
        URI.create(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8)));
  }

  private String sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return ENCODER.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
