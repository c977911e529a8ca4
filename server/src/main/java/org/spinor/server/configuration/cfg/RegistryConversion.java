package org.spinor.server.configuration.cfg;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** VOs with their users and groups out of {@code /Registry}, where DIRAC has one list of each. */
final class RegistryConversion {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final CfgSection top;
  private final CfgSection registry;
  private final Subjects subjects;
  private final KnownNames known;
  private final Account account;
  private final Values values;
  private final Map<String, Map<String, String>> subjectsOfVos = new LinkedHashMap<>();

  RegistryConversion(CfgSection top, Subjects subjects, KnownNames known, Account account) {
    this.top = top;
    this.registry = top.section("Registry");
    this.subjects = subjects;
    this.known = known;
    this.account = account;
    this.values = new Values(known, account);
  }

  ObjectNode convert() {
    Map<String, List<CfgSection>> groups = groupsByVo();
    ObjectNode result = JSON.objectNode();
    for (String vo : vos(groups.keySet())) {
      if (known.nameRefusal("Registry/*", vo).isEmpty()) {
        result.set(vo, vo(vo, groups.getOrDefault(vo, List.of())));
      } else {
        account.note("VO %s: expected %s".formatted(vo, known.nameRefusal("Registry/*", vo).get()));
      }
    }
    for (CfgSection user : registry.section("Users").sections().values()) {
      if (subjectsOfVos.values().stream().noneMatch(all -> all.containsKey(user.name()))) {
        account.leave(user, reasonWithoutVo(user));
      }
    }
    for (String kept : List.of("DefaultStorageQuota", "DefaultProxyLifeTime")) {
      registry
          .option(kept)
          .ifPresent(
              option ->
                  result.forEach(vo -> values.put(option, "Registry/*/" + kept, (ObjectNode) vo)));
    }
    return result;
  }

  private String reasonWithoutVo(CfgSection user) {
    boolean member =
        registry.section("Groups").sections().values().stream()
            .flatMap(group -> group.option("Users").stream())
            .anyMatch(users -> users.list().contains(user.name()));
    return member
        ? "the user has no subject (sub), or one that cannot be taken"
        : "the user is in no group of a VO";
  }

  private Set<String> vos(Set<String> ofGroups) {
    Set<String> vos = new LinkedHashSet<>(registry.section("VO").sections().keySet());
    vos.addAll(ofGroups);
    subjects.conversion().path("VOs").propertyNames().forEach(vos::add);
    return vos;
  }

  /** Groups that say no VO belong to the only one there is. */
  private Map<String, List<CfgSection>> groupsByVo() {
    Map<String, List<CfgSection>> byVo = new LinkedHashMap<>();
    Set<String> named = new TreeSet<>(registry.section("VO").sections().keySet());
    registry
        .section("Groups")
        .sections()
        .values()
        .forEach(group -> group.option("VO").ifPresent(vo -> named.add(vo.value())));
    Optional<CfgOption> installation = top.section("DIRAC").option("VirtualOrganization");
    Optional<String> only =
        installation
            .map(CfgOption::value)
            .or(() -> named.size() == 1 ? named.stream().findFirst() : Optional.empty());
    for (CfgSection group : registry.section("Groups").sections().values()) {
      Optional<String> vo = group.option("VO").map(CfgOption::value).or(() -> only);
      if (vo.isEmpty()) {
        account.leave(group, "the group names no VO, and there are several");
        continue;
      }
      group
          .option("VO")
          .ifPresentOrElse(account::take, () -> installation.ifPresent(account::take));
      byVo.computeIfAbsent(vo.get(), any -> new ArrayList<>()).add(group);
    }
    return byVo;
  }

  private ObjectNode vo(String vo, List<CfgSection> groups) {
    CfgSection section = registry.section("VO").section(vo);
    JsonNode conversion = subjects.conversion().path("VOs").path(vo);
    ObjectNode result = JSON.objectNode();
    ObjectNode users = users(vo, groups);
    ObjectNode converted = JSON.objectNode();
    groups.forEach(group -> group(group, vo).ifPresent(node -> converted.set(group.name(), node)));
    result.put("DefaultGroup", defaultGroup(vo, section, conversion, converted));
    provider(vo, section, conversion).ifPresent(provider -> result.set("IdP", provider));
    if (conversion.path("Support").isObject()) {
      result.set("Support", conversion.path("Support"));
    }
    section.option("VOMSName").ifPresent(name -> values.put(name, "Registry/*/VOMSName", result));
    result.set("Users", users);
    result.set("Groups", converted);
    return result;
  }

  private String defaultGroup(
      String vo, CfgSection section, JsonNode conversion, ObjectNode groups) {
    String given = conversion.path("DefaultGroup").asString("");
    if (!given.isEmpty()) {
      return given;
    }
    List<CfgOption> candidates = new ArrayList<>();
    section.option("DefaultGroup").ifPresent(candidates::add);
    registry.option("DefaultGroup").ifPresent(candidates::add);
    for (CfgOption candidate : candidates) {
      for (String group : candidate.list()) {
        if (groups.has(group)) {
          account.take(candidate);
          return group;
        }
      }
    }
    String first =
        groups
            .propertyStream()
            .filter(group -> group.getValue().path("Properties").toString().contains("NormalUser"))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseGet(() -> groups.propertyStream().map(Map.Entry::getKey).findFirst().orElse(""));
    account.note(
        "VO %s: no default group is given; %s is taken"
            .formatted(vo, first.isEmpty() ? "none" : first));
    return first;
  }

  /** Of the conversion, else the provider that the VO names. */
  private Optional<JsonNode> provider(String vo, CfgSection section, JsonNode conversion) {
    if (conversion.path("IdP").isObject()) {
      return Optional.of(conversion.path("IdP"));
    }
    Optional<CfgOption> named = section.option("IdProvider").or(() -> section.option("IdP"));
    if (named.isPresent()) {
      for (String place : List.of("Resources/IdProviders", "DIRAC/Security/IdProviders")) {
        CfgSection provider = top.section(place).section(named.get().value());
        Optional<CfgOption> issuer = provider.option("issuer");
        Optional<CfgOption> client = provider.option("client_id");
        if (issuer.isPresent() && client.isPresent()) {
          ObjectNode idp = JSON.objectNode();
          values.put(renamed(issuer.get(), issuer.get().value()), "Registry/*/IdP/URL", idp);
          values.put(renamed(client.get(), client.get().value()), "Registry/*/IdP/ClientID", idp);
          List.of(named.get(), issuer.get(), client.get()).forEach(account::take);
          return Optional.of(idp);
        }
      }
      account.leave(named.get(), "no such provider with issuer and client_id is described");
    }
    account.note(
        "VO %s: no identity provider is known; only local accounts can log in until Registry.%s.IdP is set"
            .formatted(vo, vo));
    return Optional.empty();
  }

  private static CfgOption renamed(CfgOption option, String value) {
    return new CfgOption(option.name(), option.path(), value, option.line());
  }

  /** Those who are in a group of the VO. */
  private ObjectNode users(String vo, List<CfgSection> groups) {
    ObjectNode result = JSON.objectNode();
    Map<String, String> known = new LinkedHashMap<>();
    subjectsOfVos.put(vo, known);
    Set<String> members = new LinkedHashSet<>();
    groups.forEach(group -> group.option("Users").ifPresent(users -> members.addAll(users.list())));
    CfgSection all = registry.section("Users");
    for (CfgSection user : all.sections().values()) {
      if (members.contains(user.name())) {
        subject(vo, user).ifPresent(subject -> user(vo, user, subject, known, result));
      }
    }
    return result;
  }

  private void user(
      String vo, CfgSection user, String subject, Map<String, String> byName, ObjectNode result) {
    if (result.has(subject)) {
      account.note(
          "user %s of %s has the same subject as %s and was left out"
              .formatted(
                  user.name(), vo, result.path(subject).path("PreferedUsername").asString()));
      return;
    }
    ObjectNode converted = JSON.objectNode();
    converted.put("PreferedUsername", user.name());
    user.option("DN")
        .ifPresent(
            dn -> {
              account.take(dn);
              converted.set("DNs", Values.list(distinguishedNames(dn)));
            });
    user.option("Email").ifPresent(email -> email(email, converted));
    user.option("Suspended")
        .ifPresent(
            suspended -> {
              account.take(suspended);
              List<String> vos = suspended.list();
              // an older form says only that: True
              boolean everywhere = vos.size() == 1 && Values.flag(vos.getFirst()).orElse(false);
              if (everywhere || vos.contains(vo)) {
                converted.set("Suspended", Values.list(List.of(vo)));
              }
            });
    user.option("Quota")
        .ifPresent(quota -> values.put(quota, "Registry/*/Users/*/Quota", converted));
    byName.put(user.name(), subject);
    result.set(subject, converted);
  }

  private void email(CfgOption email, ObjectNode into) {
    List<String> addresses = email.list();
    CfgOption first = addresses.isEmpty() ? email : renamed(email, addresses.getFirst());
    values.put(first, "Registry/*/Users/*/Email", into);
    if (!into.has("Email")) {
      account.leave(email, "it is no e-mail address");
      return;
    }
    account.take(email);
    if (addresses.size() > 1) {
      account.note(email.path() + ": a user has one address here; the first is taken");
    }
  }

  private Optional<String> subject(String vo, CfgSection user) {
    List<String> names =
        user.option("DN").map(RegistryConversion::distinguishedNames).orElse(List.of());
    Optional<String> given = subjects.known(vo, user.name(), names);
    if (given.isEmpty() && subjects.leaveOut()) {
      return Optional.empty();
    }
    String subject = given.orElse(user.name());
    Optional<String> refusal =
        known
            .nameRefusal("Registry/*/Users/*", subject)
            .or(() -> known.refusal("Registry/*/Users/*/PreferedUsername", user.name()));
    if (refusal.isPresent()) {
      account.note("user %s of %s: %s".formatted(user.name(), vo, refusal.get()));
      return Optional.empty();
    }
    if (given.isEmpty()) {
      account.note(
          "users without a subject have their user name as sub: give --subjects, or they cannot log in through an identity provider");
    }
    return Optional.of(subject);
  }

  /** DNs begin with a slash; a comma before anything else belongs to the name. */
  private static List<String> distinguishedNames(CfgOption option) {
    List<String> names = new ArrayList<>();
    for (String part : option.list()) {
      if (part.startsWith("/") || names.isEmpty()) {
        names.add(part);
      } else {
        names.add(names.removeLast() + ", " + part);
      }
    }
    return names;
  }

  private Optional<ObjectNode> group(CfgSection group, String vo) {
    Optional<String> refusal = known.nameRefusal("Registry/*/Groups/*", group.name());
    if (refusal.isPresent()) {
      account.leave(group, "its name: expected " + refusal.get());
      return Optional.empty();
    }
    ObjectNode result = JSON.objectNode();
    result.set("Properties", Values.list(List.of()));
    result.set("Users", Values.list(List.of()));
    for (CfgOption option : group.options().values()) {
      switch (option.name()) {
        case "VO" -> {}
        case "Users" -> {
          account.take(option);
          Map<String, String> all = subjectsOfVos.getOrDefault(vo, Map.of());
          result.set(
              "Users",
              Values.list(
                  values.members(option, all.keySet(), "users of " + vo).stream()
                      .map(name -> all.getOrDefault(name, name))
                      .toList()));
        }
        default -> values.put(option, "Registry/*/Groups/*/" + option.name(), result);
      }
    }
    return Optional.of(result);
  }
}
