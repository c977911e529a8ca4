package org.spinor.server.web;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * The check of the header {@code DiracX-Client-Version}: DiracX's clients older than the first are
 * refused.
 */
final class ClientVersion {
  private static final String MINIMUM = "0.0.1a1";
  private static final Pattern VERSION =
      Pattern.compile(
          "v?(?:\\d{1,9}!)?(\\d{1,9}(?:\\.\\d{1,9})*)[-_.]?((?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\\d{0,9})?"
              + "([-_.]?(?:post|rev|r)[-_.]?\\d{0,9}|-\\d{1,9})?([-_.]?dev[-_.]?\\d{0,9})?(\\+[a-z0-9._-]{1,100})?",
          Pattern.CASE_INSENSITIVE);

  private ClientVersion() {}

  /** Absent and {@code Unknown} (a client run from its sources) are fine. */
  static void require(@Nullable String version) {
    if (version == null || version.equals("Unknown")) {
      return;
    }
    Matcher parts = VERSION.matcher(version.strip());
    if (version.length() > 200 || !parts.matches()) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST, "Invalid version string: '" + version + "'");
    }
    // Below 0.0.1a1 are only 0, 0.0 and 0.0.0 with whatever follows, and 0.0.1.dev.
    boolean zero = parts.group(1).matches("0+(\\.0+)*");
    boolean development =
        parts.group(1).matches("0+\\.0+\\.0*1(\\.0+)*")
            && parts.group(2) == null
            && parts.group(3) == null
            && parts.group(4) != null;
    if (zero || development) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "Client version %s is not compatible with the server. Upgrade to a version >= %s."
              .formatted(version, MINIMUM));
    }
  }
}
