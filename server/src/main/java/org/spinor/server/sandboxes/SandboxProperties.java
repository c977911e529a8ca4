package org.spinor.server.sandboxes;

import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where and how long sandboxes are kept.
 *
 * @param maxSize largest sandbox, packed
 * @param bucket the part of a sandbox's name that tells stores apart: 3 to 63 of {@code a-z 0-9 .
 *     -}
 * @param keepUnassigned a sandbox that no job ever used is removed so long after it was last looked
 *     at
 * @param keepOrphaned one whose last job is gone is removed so long after that
 */
@ConfigurationProperties("spinor.sandboxes")
record SandboxProperties(
    @DefaultValue("100MB") DataSize maxSize,
    @DefaultValue("sandboxes") String bucket,
    @DefaultValue("15d") Duration keepUnassigned,
    @DefaultValue("1h") Duration keepOrphaned) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9.\\-]{3,63}");

  SandboxProperties {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException(
          "spinor.sandboxes.bucket: '" + bucket + "'; allowed: 3 to 63 of a-z 0-9 . -");
    }
    if (maxSize.toBytes() < 1) {
      throw new IllegalArgumentException("spinor.sandboxes.max-size is at least 1 byte");
    }
    if (keepUnassigned.isNegative() || keepOrphaned.isNegative()) {
      throw new IllegalArgumentException("spinor.sandboxes.keep-...: at least 0");
    }
  }
}
