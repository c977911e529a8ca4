package org.spinor.server.identity.people;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.Group;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.User;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.identity.people.ProvidedUsers.ProvidedUser;

/** Whether a user may be what the scope asks for, by the configuration in force now. */
final class Memberships {
  private Memberships() {}

  /**
   * @param subject at the identity provider, without the VO
   * @param provided what the identity provider said of the user, where it may admit users
   * @throws SpinorException 403: no user of the VO, suspended, not of the group, or without the
   *     properties asked for
   */
  static Person person(
      Configuration configuration, Scope scope, String subject, Optional<ProvidedUser> provided) {
    Vo vo = Objects.requireNonNull(configuration.registry().get(scope.vo()));
    Set<String> claimed = claimed(vo, provided);
    String name = name(vo, subject, provided.filter(user -> !claimed.isEmpty()));
    Group group = Objects.requireNonNull(vo.groups().get(scope.group()));
    if (!isMember(group, subject, claimed)) {
      throw denied(
          "User is not a member of the requested group (%s, %s)".formatted(name, scope.group()));
    }
    SortedSet<String> available = new TreeSet<>();
    for (Group each : vo.groups().values()) {
      if (isMember(each, subject, claimed)) {
        available.addAll(each.properties());
      }
    }
    SortedSet<String> excess = new TreeSet<>(scope.properties());
    excess.removeAll(available);
    if (!excess.isEmpty()) {
      throw denied(
          "%s are not valid properties for user %s, available values: %s"
              .formatted(String.join(" ", excess), name, String.join(" ", available)));
    }
    SortedSet<String> properties = new TreeSet<>(group.properties());
    properties.addAll(scope.properties());
    return new Person(vo.name() + ":" + subject, name, vo.name(), scope.group(), properties);
  }

  /** The VO's groups that the user is in because the identity provider says so. */
  static Set<String> claimed(Vo vo, Optional<ProvidedUser> provided) {
    SortedSet<String> groups = new TreeSet<>();
    if (vo.identityProvider().isEmpty() || provided.isEmpty()) {
      return groups;
    }
    IdentityProvider provider = vo.identityProvider().get();
    if (provider.groupsClaim().isEmpty() || !provider.isIssuer(provided.get().issuer())) {
      return groups; // what another provider once said counts no more
    }
    for (Map.Entry<String, Set<String>> group : provider.groups().entrySet()) {
      if (group.getValue().stream().anyMatch(provided.get().groups()::contains)) {
        groups.add(group.getKey());
      }
    }
    return groups;
  }

  private static boolean isMember(Group group, String subject, Set<String> claimed) {
    return group.users().contains(subject) || claimed.contains(group.name());
  }

  private static String name(Vo vo, String subject, Optional<ProvidedUser> admitted) {
    User user = vo.users().get(subject);
    if (user == null) {
      String name =
          admitted
              .map(ProvidedUser::username)
              .orElseThrow(
                  () ->
                      denied(
                          "User %s is not registered in the VO %s".formatted(subject, vo.name())));
      requireOwnName(vo, subject, name);
      return name;
    }
    if (user.suspended().contains(vo.name())) {
      throw denied(
          "User %s is suspended in the VO %s".formatted(user.preferredUsername(), vo.name()));
    }
    return user.preferredUsername();
  }

  /** A name of the configuration belongs to the user there: jobs are owned by names. */
  static void requireOwnName(Vo vo, String subject, String name) {
    for (User other : vo.users().values()) {
      if (other.preferredUsername().equals(name) && !other.subject().equals(subject)) {
        throw taken(vo, name);
      }
    }
  }

  static SpinorException taken(Vo vo, String name) {
    return denied(
        "The user name %s belongs to somebody else in the VO %s".formatted(name, vo.name()));
  }

  static SpinorException denied(String text) {
    return new SpinorException(ErrorCode.FORBIDDEN, text);
  }
}
