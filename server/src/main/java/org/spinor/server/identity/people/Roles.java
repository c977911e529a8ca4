package org.spinor.server.identity.people;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The roles that access tables know, each one bit of a number: whether a caller may is then one
 * comparison.
 */
public final class Roles {
  /** Whoever comes, with or without a token. */
  public static final String ANONYMOUS = "anonymous";

  /** A person's token, whatever its properties. */
  public static final String MEMBER = "member";

  /** A pilot's token. It has this role alone. */
  public static final String PILOT = "pilot";

  /** A payload's token. It has this role alone. */
  public static final String PAYLOAD = "payload";

  /** DIRAC's properties: what a group may do. */
  public static final List<String> PROPERTIES =
      List.of(
          "AccountingMonitor",
          "AlarmsManagement",
          "BookkeepingManagement",
          "CSAdministrator",
          "FileCatalogManagement",
          "FullDelegation",
          "GenericPilot",
          "JobAdministrator",
          "JobMonitor",
          "JobSharing",
          "LimitedDelegation",
          "NormalUser",
          "Operator",
          "PPGAuthority",
          "Pilot",
          "PrivateLimitedDelegation",
          "ProductionManagement",
          "ProductionSharing",
          "ProductionUser",
          "ProxyManagement",
          "ServiceAdministrator",
          "SiteManager",
          "StageAllowed",
          "TrustedHost",
          "UserManager");

  /** All roles, in the order in which tables are printed. */
  public static final List<String> ALL = all();

  private static final Map<String, Long> BITS = bits();

  private Roles() {}

  private static List<String> all() {
    List<String> all = new ArrayList<>(List.of(ANONYMOUS, MEMBER));
    all.addAll(PROPERTIES);
    all.addAll(List.of(PILOT, PAYLOAD));
    return List.copyOf(all);
  }

  private static Map<String, Long> bits() {
    Map<String, Long> bits = new HashMap<>();
    for (String role : ALL) {
      bits.put(role, 1L << bits.size());
    }
    return Map.copyOf(bits);
  }

  public static boolean isKnown(String role) {
    return BITS.containsKey(role);
  }

  /** The bit of a role; none for a property that no table can name. */
  public static long bit(String role) {
    return BITS.getOrDefault(role, 0L);
  }

  /** What a person with these properties is. */
  public static long ofPerson(Collection<String> properties) {
    long roles = bit(ANONYMOUS) | bit(MEMBER);
    for (String property : properties) {
      if (PROPERTIES.contains(property)) {
        roles |= bit(property);
      }
    }
    return roles;
  }

  public static long ofPilot() {
    return bit(ANONYMOUS) | bit(PILOT);
  }

  public static long ofPayload() {
    return bit(ANONYMOUS) | bit(PAYLOAD);
  }
}
