package org.spinor.server.sandboxes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a sandbox, as it stands in a JDL: {@code
 * SB:SandboxSE|/S3/<bucket>/<vo>/<group>/<user>/sha256:<hex>.<format>}.
 */
record SandboxName(
    String bucket, String vo, String ownerGroup, String owner, String checksum, String format) {
  static final String STORE = "SandboxSE";
  private static final int MAX_LENGTH = 256;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:SB:[A-Za-z]+\\|)?/S3/([a-z0-9.\\-]{3,63})/([^/]+)/([^/]+)/([^/]+)/sha256:([0-9a-f]{64})\\.([a-z0-9.]+)");

  /** Empty: this is no such name. */
  static Optional<SandboxName> parse(String text) {
    Matcher form = FORM.matcher(text);
    return text.length() <= MAX_LENGTH && form.matches()
        ? Optional.of(
            new SandboxName(
                form.group(1),
                form.group(2),
                form.group(3),
                form.group(4),
                form.group(5),
                form.group(6)))
        : Optional.empty();
  }

  /** The name inside its store. */
  String key() {
    return vo + "/" + ownerGroup + "/" + owner + "/sha256:" + checksum + "." + format;
  }

  /** Without the store's name. */
  String path() {
    return "/S3/" + bucket + "/" + key();
  }

  /** The whole name. */
  @Override
  public String toString() {
    return "SB:" + STORE + "|" + path();
  }
}
