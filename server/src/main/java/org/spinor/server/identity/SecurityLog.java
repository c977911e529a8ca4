package org.spinor.server.identity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an auditor reads, under the log category {@code security}: logins and refusals. Never a
 * secret, never a token; what strangers wrote cannot break a line.
 */
public final class SecurityLog {
  private static final Logger log = LoggerFactory.getLogger("security");
  private static final int LONGEST = 200;
  private static final int LONGEST_ISSUE = 2000;

  private SecurityLog() {}

  /**
   * Somebody was let do something.
   *
   * @param who may be what strangers wrote
   */
  public static void done(String what, String who, String address) {
    log.info("{}: {} from {}", what, plain(who), address);
  }

  /** Somebody was not let do something. */
  public static void refused(String what, String who, String address, String why) {
    log.warn("refused {}: {} from {}: {}", plain(what), plain(who), address, plain(why));
  }

  /**
   * A token for the outside went to somebody here.
   *
   * @param what by whom, for whom, with which scope and audience, until when
   */
  public static void issued(String what) {
    log.info("{}", plain(what, LONGEST_ISSUE));
  }

  /** Something that an operator should look into. */
  public static void alarm(String who, String what) {
    log.warn("{}: {}", plain(who), plain(what, LONGEST_ISSUE));
  }

  /** Cut, and without control characters. */
  public static String plain(String text) {
    return plain(text, LONGEST);
  }

  private static String plain(String text, int longest) {
    String cut = text.length() > longest ? text.substring(0, longest) + "..." : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
