package org.spinor.server.identity.tokens;

/** Names of the claims beside the registered ones. */
final class Claims {
  static final String VO = "vo";
  static final String GROUP = "dirac_group";
  static final String PROPERTIES = "dirac_properties";
  static final String USERNAME = "preferred_username";
  static final String POLICIES = "dirac_policies";
  static final String LEGACY_EXCHANGE = "legacy_exchange";

  /** The stamp: in tokens of pilots and of their payloads. */
  static final String PILOT = "spinor_pilot";

  static final String JOB = "spinor_job";
  static final String ATTEMPT = "spinor_attempt";

  /** Nobody vouches for the pilot: it reaches nothing but its own. */
  static final String UNTRUSTED = "spinor_untrusted";

  private Claims() {}
}
