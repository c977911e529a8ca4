package org.spinor.edge;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What may go out: the calls of pilots and of the attempts that they run, each of which the server
 * lets be repeated. Everything else is refused here, so that the edge is no door to the server's
 * other routes, nor to other places.
 */
final class Rules {
  /** How an allowed call is treated. */
  enum Kind {
    /** Goes to the server as it is. */
    CALL,
    /** As a call; the answer names a place of sandboxes, which is put into an address of ours. */
    PLACE,
    /** An address of ours that stands for such a place. */
    STORE,
    /** A file that pilots are started with; kept here. */
    FILE
  }

  private record Rule(Kind kind, String method, Pattern path, Pattern query) {}

  private static final String STAMP = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
  private static final String NUMBER = "[0-9]{1,18}";

  private static final List<Rule> RULES =
      List.of(
          rule(Kind.CALL, "GET", "/api/health/live", ""),
          rule(Kind.CALL, "POST", "/api/auth/secret-exchange", ""),
          rule(Kind.CALL, "POST", "/api/pilots/" + STAMP + "/work", ""),
          rule(Kind.CALL, "POST", "/api/pilots/" + STAMP + "/heartbeat", ""),
          rule(Kind.CALL, "POST", "/api/pilots/" + STAMP + "/log", "offset=" + NUMBER),
          rule(Kind.CALL, "POST", "/api/pilots/" + STAMP + "/nodes/" + NUMBER, ""),
          rule(Kind.CALL, "PATCH", "/api/pilots/metadata", ""),
          rule(Kind.CALL, "PATCH", "/api/jobs/(status|heartbeat|metadata)", ""),
          rule(Kind.CALL, "POST", "/api/jobs/" + NUMBER + "/attempts/" + NUMBER + "/requeue", ""),
          rule(Kind.CALL, "PATCH", "/api/jobs/" + NUMBER + "/sandbox/output", ""),
          rule(Kind.PLACE, "GET", "/api/jobs/sandbox", "pfn=[A-Za-z0-9%:/._~+|*-]{1,2000}"),
          rule(Kind.PLACE, "POST", "/api/jobs/sandbox", ""),
          rule(
              Kind.STORE, "GET|POST|PUT", Addresses.PREFIX + "[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+", ""),
          rule(Kind.FILE, "GET", "/pilot/bootstrap\\.sh", ""),
          rule(Kind.FILE, "GET", "/pilot/bundles/[a-z0-9]+-[a-z0-9_]+\\.tar\\.gz(\\.sha256)?", ""));

  private Rules() {}

  private static Rule rule(Kind kind, String methods, String path, String query) {
    return new Rule(kind, methods, Pattern.compile(path), Pattern.compile(query));
  }

  /**
   * How a request is treated; empty: it is none of a pilot's.
   *
   * @param target path and query as they came, still encoded
   */
  static Optional<Kind> of(String method, String target) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    return RULES.stream()
        .filter(rule -> List.of(rule.method().split("\\|")).contains(method))
        .filter(rule -> rule.path().matcher(path).matches())
        .filter(rule -> rule.query().matcher(query).matches())
        .map(Rule::kind)
        .findFirst();
  }
}
