package org.spinor.server.identity;

import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.Group;
import org.spinor.server.configuration.Configuration.User;
import org.spinor.server.configuration.Configuration.Vo;

/** Whether a user may be what the scope asks for, by the configuration in force now. */
final class Memberships {
  private Memberships() {}

  /**
   * @param subject at the identity provider, without the VO
   * @throws SpinorException 403: no user of the VO, suspended, not of the group, or without the
   *     properties asked for
   */
  static Person person(Configuration configuration, Scope scope, String subject) {
    Vo vo = Objects.requireNonNull(configuration.registry().get(scope.vo()));
    User user = vo.users().get(subject);
    if (user == null) {
      throw denied("User %s is not registered in the VO %s".formatted(subject, vo.name()));
    }
    String name = user.preferredUsername();
    if (user.suspended().contains(vo.name())) {
      throw denied("User %s is suspended in the VO %s".formatted(name, vo.name()));
    }
    Group group = Objects.requireNonNull(vo.groups().get(scope.group()));
    if (!group.users().contains(subject)) {
      throw denied(
          "User is not a member of the requested group (%s, %s)".formatted(name, scope.group()));
    }
    SortedSet<String> available = new TreeSet<>();
    for (Group each : vo.groups().values()) {
      if (each.users().contains(subject)) {
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

  private static SpinorException denied(String text) {
    return new SpinorException(ErrorCode.FORBIDDEN, text);
  }
}
