package org.spinor.plugins.computing.kubernetes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.spinor.spi.computing.ComputingElementContext;

/** What things of ours are called in the cluster. */
final class Names {
  /** Of the labels and annotations that are ours. */
  static final String PREFIX = "spinor.org/";

  /** When the end of a pilot was ordered. */
  static final String CANCELLED = PREFIX + "cancelled";

  static final String QUEUE = PREFIX + "queue";
  static final String STAMP = PREFIX + "stamp";
  static final String VO = PREFIX + "vo";
  private static final int LONGEST_LABEL = 63;
  private static final String JOB = "pilot-";

  private Names() {}

  /**
   * The name of a pilot's Job, and of its Secret. Names in Kubernetes have small letters only:
   * which of the stamp's letters are capital follows as a number, so that two stamps never share a
   * name.
   */
  static String job(String stamp) {
    long capitals = 0;
    for (int i = 0; i < stamp.length(); i++) {
      if (Character.isUpperCase(stamp.charAt(i))) {
        capitals |= 1L << i;
      }
    }
    String suffix = capitals == 0 ? "" : "-" + Long.toString(capitals, 36);
    return JOB + stamp.toLowerCase(Locale.ROOT) + suffix;
  }

  /** Whether it can be the name of a pilot's Job. */
  static boolean isJob(String name) {
    return name.matches(JOB + "[a-z0-9]{1,32}(-[a-z0-9]{1,7})?");
  }

  /** The labels by which all pilots of a queue are found in one question. */
  static Map<String, String> queue(ComputingElementContext context) {
    String full = context.site() + "." + context.name() + "." + context.queue();
    String plain = full.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
    // The readable part may be cut, and may be the same for two queues; the sum is not.
    String sum = sum(full);
    int room = LONGEST_LABEL - sum.length() - 1;
    String readable = plain.length() > room ? plain.substring(plain.length() - room) : plain;
    return Map.of(
        "app.kubernetes.io/managed-by",
        "spinor",
        QUEUE,
        readable.replaceAll("^[^A-Za-z0-9]+", "") + "." + sum);
  }

  /** A text that may hold anything, as a label's value. */
  static String label(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9._-]", "-");
    String cut = plain.length() > LONGEST_LABEL ? plain.substring(0, LONGEST_LABEL) : plain;
    return cut.replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
  }

  private static String sum(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 5);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
