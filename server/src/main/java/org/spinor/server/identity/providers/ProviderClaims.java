package org.spinor.server.identity.providers;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration.IdentityProvider;

/** Finds in what a provider says what the configuration asks for. */
final class ProviderClaims {
  private static final int MOST_GROUPS = 1000;
  private static final int LONGEST_GROUP = 500;

  private ProviderClaims() {}

  /** Whether userinfo is worth a question: ID tokens often have but the subject. */
  static boolean lacking(IdentityProvider provider, Map<String, Object> claims) {
    return provider
        .groupsClaim()
        .map(name -> find(claims, name) == null || text(claims, provider.usernameClaim()).isEmpty())
        .orElse(false);
  }

  static Optional<String> text(Map<String, Object> claims, String name) {
    return find(claims, name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A list, or one text. */
  static SortedSet<String> groups(IdentityProvider provider, Map<String, Object> claims) {
    SortedSet<String> groups = new TreeSet<>();
    Object value = provider.groupsClaim().map(name -> find(claims, name)).orElse(null);
    Collection<?> all =
        value instanceof Collection<?> several
            ? several
            : value instanceof String one ? List.of(one) : List.of();
    for (Object each : all) {
      if (each instanceof String name
          && name.length() <= LONGEST_GROUP
          && groups.size() < MOST_GROUPS) {
        groups.add(name);
      }
    }
    return groups;
  }

  /** {@code wlcg.groups} is a name; {@code realm_access.roles} may be a path. */
  private static @Nullable Object find(Map<String, Object> claims, String name) {
    Object whole = claims.get(name);
    int dot = name.indexOf('.');
    if (whole != null || dot < 0) {
      return whole;
    }
    if (!(claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner)) {
      return null;
    }
    Object value = inner;
    for (String part : name.substring(dot + 1).split("\\.")) {
      value = value instanceof Map<?, ?> map ? map.get(part) : null;
    }
    return value;
  }
}
