package org.spinor.server.identity.access;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.SecurityLog;

/**
 * Who was let do what, under the log category {@code audit}. Refusals and logins are told by {@link
 * SecurityLog}; both end in one file.
 */
final class Audit {
  /** How much is told of what was allowed. */
  enum Extent {
    /** Nothing. */
    REFUSALS,
    /** What people change; not what they read, nor the reports of pilots and payloads. */
    CHANGES,
    /** Every request that needs a token. */
    ALL
  }

  private static final Logger log = LoggerFactory.getLogger("audit");

  private final Extent extent;

  Audit(Extent extent) {
    this.extent = extent;
  }

  void allowed(AccessRow row, Caller caller, HttpServletRequest request) {
    boolean told =
        switch (extent) {
          case REFUSALS -> false;
          case CHANGES -> isChange(row.text()) && !isMachine(caller);
          case ALL -> true;
        };
    if (told) {
      log.info(
          "allowed {} (reach {}): {} as {}, {} from {}",
          row.text(),
          caller.reach(),
          SecurityLog.plain(caller.subject()),
          SecurityLog.plain(caller.group()),
          SecurityLog.plain(request.getRequestURI()),
          request.getRemoteAddr());
    }
  }

  private static boolean isMachine(Caller caller) {
    return caller.pilotStamp().isPresent() || caller.attempt().isPresent();
  }

  /** Searches and checks are posted, and change nothing. */
  private static boolean isChange(String route) {
    return !route.startsWith("GET ")
        && !route.endsWith("/search")
        && !route.endsWith("/summary")
        && !route.endsWith("/check");
  }
}
