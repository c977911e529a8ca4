package org.spinor.server.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.Group;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.Resources;
import org.spinor.server.configuration.Configuration.Support;
import org.spinor.server.configuration.Configuration.User;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.providers.FakeProvider;
import tools.jackson.databind.node.JsonNodeFactory;

/** A configuration of users and groups that a test writes down and changes. */
public final class FixedConfigurations implements Configurations {
  private final SortedMap<String, Vo> registry = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * Two VOs: earth with alice (users, experts) and root (users, admin), mars with marvin (users).
   */
  public static FixedConfigurations earthAndMars() {
    FixedConfigurations all = new FixedConfigurations();
    all.vo(
        "earth",
        Map.of("s-alice", "alice", "s-root", "root"),
        group("users", Set.of("NormalUser"), "s-alice", "s-root"),
        group("experts", Set.of("NormalUser", "JobSharing"), "s-alice"),
        group("admin", Set.of("JobAdministrator", "CSAdministrator", "ProxyManagement"), "s-root"));
    all.vo(
        "mars",
        Map.of("s-marvin", "marvin"),
        group("users", Set.of("NormalUser", "OwnInvention"), "s-marvin"));
    return all;
  }

  public static Group group(String name, Set<String> properties, String... subjects) {
    return new Group(name, 1000, properties, Set.of(subjects), false);
  }

  /** The first group is the default one. */
  public void vo(String name, Map<String, String> users, Group... groups) {
    SortedMap<String, User> known = new TreeMap<>();
    users.forEach((subject, user) -> known.put(subject, new User(subject, user, Set.of())));
    SortedMap<String, Group> named = new TreeMap<>();
    for (Group group : groups) {
      named.put(group.name(), group);
    }
    put(name, groups[0].name(), Optional.empty(), known, named);
  }

  /** Makes a user and puts it into a group. */
  public void join(String vo, String subject, String name, String group) {
    Vo before = Objects.requireNonNull(registry.get(vo));
    SortedMap<String, User> users = new TreeMap<>(before.users());
    users.put(subject, new User(subject, name, Set.of()));
    SortedMap<String, Group> groups = new TreeMap<>(before.groups());
    Group old = Objects.requireNonNull(groups.get(group));
    Set<String> members = new TreeSet<>(old.users());
    members.add(subject);
    groups.put(group, new Group(group, old.share(), old.properties(), members, false));
    put(vo, before.defaultGroup(), before.identityProvider(), users, groups);
  }

  public void suspend(String vo, String subject) {
    Vo before = Objects.requireNonNull(registry.get(vo));
    SortedMap<String, User> users = new TreeMap<>(before.users());
    User user = Objects.requireNonNull(users.get(subject));
    users.put(subject, new User(subject, user.preferredUsername(), Set.of(vo)));
    put(vo, before.defaultGroup(), before.identityProvider(), users, before.groups());
  }

  /**
   * @param groupsClaim null: only listed users
   */
  public void identityProvider(
      String vo, String url, @Nullable String groupsClaim, Map<String, Set<String>> groups) {
    Vo before = Objects.requireNonNull(registry.get(vo));
    IdentityProvider provider =
        new IdentityProvider(
            url,
            FakeProvider.CLIENT,
            List.of("openid", "profile"),
            "preferred_username",
            Optional.ofNullable(groupsClaim),
            new TreeMap<>(groups),
            Optional.empty());
    put(vo, before.defaultGroup(), Optional.of(provider), before.users(), before.groups());
  }

  private void put(
      String name,
      String defaultGroup,
      Optional<IdentityProvider> idp,
      SortedMap<String, User> users,
      SortedMap<String, Group> groups) {
    Support support = new Support("Ask around", null, name + "@example.org");
    registry.put(name, new Vo(name, defaultGroup, idp, support, users, groups));
    listeners.forEach(Runnable::run);
  }

  public void remove(String vo) {
    registry.remove(vo);
  }

  @Override
  public Configuration current() {
    return new Configuration(
        "0".repeat(40),
        Instant.EPOCH,
        new TreeMap<>(registry),
        new TreeMap<>(),
        new Resources(new TreeMap<>(), new TreeMap<>()),
        JsonNodeFactory.instance.objectNode());
  }

  @Override
  public void onChange(Runnable action) {
    listeners.add(action);
  }
}
