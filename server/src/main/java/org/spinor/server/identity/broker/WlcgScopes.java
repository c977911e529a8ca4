package org.spinor.server.identity.broker;

import java.util.regex.Pattern;

/**
 * Scopes of the WLCG token profile (WLCG Common JWT Profiles 1.2, "Capability-based
 * authorization").
 */
final class WlcgScopes {
  private static final Pattern COMPUTE = Pattern.compile("compute\\.(create|read|cancel|modify)");
  private static final Pattern STORAGE =
      Pattern.compile("storage\\.(read|create|modify|stage|poll):(?:/[!#-.0-\\[\\]-~]*)+");

  private WlcgScopes() {}

  /** One for computing, or one for storage with a path that goes nowhere but down. */
  static boolean isKnown(String scope) {
    return COMPUTE.matcher(scope).matches()
        || (STORAGE.matcher(scope).matches()
            && !scope.contains("//")
            && !(scope + "/").contains("/../"));
  }

  /**
   * Whether a scope that nobody asked for lets its bearer do something, and does not only say more
   * about it as {@code profile} does: those of the profile, and those of others that name a
   * resource after a colon.
   */
  static boolean isPower(String scope) {
    return scope.startsWith("compute.") || scope.startsWith("storage.") || scope.contains(":");
  }
}
