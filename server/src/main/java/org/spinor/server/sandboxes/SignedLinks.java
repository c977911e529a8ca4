package org.spinor.server.sandboxes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.spinor.server.database.DataFolder;
import org.springframework.stereotype.Component;

/**
 * Signs what an address allows, so that whoever brings it back unchanged and in time may do it. The
 * secret stands in the data folder, which servers of one installation share.
 */
@Component
final class SignedLinks {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  private final Clock clock;
  private final SecretKeySpec secret;

  SignedLinks(DataFolder folder, Clock clock) {
    this.clock = clock;
    this.secret =
        new SecretKeySpec(secret(folder.folder("secrets").resolve("sandbox-links")), ALGORITHM);
  }

  /** When an address made now ends, seconds since 1970. */
  long expiry() {
    return clock.instant().plus(SandboxStore.ADDRESS_LIFE).getEpochSecond();
  }

  /** The signature of these values, whose order counts. */
  String sign(List<String> values) {
    StringBuilder text = new StringBuilder();
    // Each with its length, so that no two lists give the same text.
    values.forEach(value -> text.append(value.length()).append(':').append(value));
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return HexFormat.of()
          .formatHex(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /** Whether the signature is ours and the time is not over. */
  boolean isGood(List<String> values, String expires, String signature) {
    boolean ours =
        MessageDigest.isEqual(
            sign(values).getBytes(StandardCharsets.UTF_8),
            signature.getBytes(StandardCharsets.UTF_8));
    if (!ours) {
      return false;
    }
    try {
      return clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(expires)));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static byte[] secret(Path file) {
    try {
      if (!Files.exists(file)) {
        byte[] fresh = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(fresh);
        publish(file, fresh);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make " + file, e);
    }
  }

  /** As a whole or not at all, and the first one wins where two servers start together. */
  private static void publish(Path file, byte[] content) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.getParent(),
            "sandbox-links",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(fresh, content, StandardOpenOption.DSYNC);
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      // another server made it in the same moment
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
