package org.spinor.server.identity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an auditor reads, under the log category {@code security}: logins and refusals. Never a
 * secret, never a token; what strangers wrote cannot break a line.
 */
final class SecurityLog {
  private static final Logger log = LoggerFactory.getLogger("security");
  private static final int LONGEST = 200;

  private SecurityLog() {}

  static void done(String what, String who, String address) {
    log.info("{}: {} from {}", what, plain(who), address);
  }

  static void refused(String what, String who, String address, String why) {
    log.warn("refused {}: {} from {}: {}", plain(what), plain(who), address, plain(why));
  }

  /** Something that an operator should look into. */
  static void alarm(String who, String what) {
    log.warn("{}: {}", plain(who), plain(what));
  }

  /** Cut, and without control characters. */
  static String plain(String text) {
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
