package org.spinor.server.identity.people;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.User;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.people.ProvidedUsers.ProvidedUser;
import org.spinor.server.identity.providers.ProviderIdentity;
import org.springframework.stereotype.Component;

/** Who somebody may be, by the configuration in force now and what identity providers said. */
@Component
public final class People {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@+-]{0,63}");
  private static final Pattern SUBJECT = Pattern.compile("[^\\s/:]{1,255}");

  private final Configurations configurations;
  private final ProvidedUsers providedUsers;
  private final Clock clock;

  People(Configurations configurations, ProvidedUsers providedUsers, Clock clock) {
    this.configurations = configurations;
    this.providedUsers = providedUsers;
    this.clock = clock;
  }

  /**
   * @throws SpinorException 400 with the texts of the DiracX contract
   */
  public Scope scope(String text) {
    return Scope.parse(text, configurations.current());
  }

  /** The VO of a scope. */
  public Vo vo(Scope scope) {
    return Objects.requireNonNull(configurations.current().registry().get(scope.vo()));
  }

  /**
   * @param subject at the identity provider, without the VO
   * @throws SpinorException 403: the user may not be what the scope asks for
   */
  public Person person(Scope scope, String subject) {
    Configuration configuration = configurations.current();
    boolean claims =
        vo(scope).identityProvider().flatMap(provider -> provider.groupsClaim()).isPresent();
    return Memberships.person(
        configuration,
        scope,
        subject,
        claims ? providedUsers.find(scope.vo(), subject) : Optional.empty());
  }

  /**
   * A user comes from the VO's identity provider: what it says of groups is kept until the next
   * login, where the configuration lets it say anything.
   *
   * @throws SpinorException 403: the user's name cannot be used, or is somebody else's
   */
  public void arrived(Vo vo, ProviderIdentity identity) {
    if (vo.identityProvider().flatMap(provider -> provider.groupsClaim()).isEmpty()) {
      return;
    }
    String subject = identity.subject();
    User listed = vo.users().get(subject);
    Optional<ProvidedUser> before = providedUsers.find(vo.name(), subject);
    String name =
        listed != null
            ? listed.preferredUsername()
            : before.map(ProvidedUser::username).or(identity::username).orElse("");
    ProvidedUser user =
        new ProvidedUser(vo.name(), subject, identity.issuer(), name, identity.groups());
    if (listed == null) {
      if (before.isEmpty() && Memberships.claimed(vo, Optional.of(user)).isEmpty()) {
        return; // a stranger: nothing is kept
      }
      requireUsable(vo, subject, name);
    }
    if (!providedUsers.keep(user, clock.instant())) {
      throw Memberships.taken(vo, name);
    }
  }

  private static void requireUsable(Vo vo, String subject, String name) {
    if (!SUBJECT.matcher(subject).matches()) {
      throw Memberships.denied("The identity provider gives a subject with blanks, '/' or ':'");
    }
    if (name.isEmpty()) {
      throw Memberships.denied("The identity provider gives no user name");
    }
    if (!NAME.matcher(name).matches()) {
      throw Memberships.denied(
          "The identity provider gives a user name that is none here: letters, digits and"
              + " '_.@+-', at most 64");
    }
    Memberships.requireOwnName(vo, subject, name);
  }
}
