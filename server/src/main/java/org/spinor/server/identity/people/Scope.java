package org.spinor.server.identity.people;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.Vo;

/**
 * What a login asks for: {@code vo:X group:Y property:Z}, checked against the configuration's VOs
 * and groups, not yet against the user.
 *
 * @param properties asked for beside those of the group
 */
public record Scope(String vo, String group, SortedSet<String> properties) {
  private static final String VO = "vo:";
  private static final String GROUP = "group:";
  private static final String PROPERTY = "property:";

  /**
   * @throws SpinorException with the texts of the DiracX contract
   */
  public static Scope parse(String text, Configuration configuration) {
    Set<String> vos = new LinkedHashSet<>();
    Set<String> groups = new LinkedHashSet<>();
    SortedSet<String> properties = new TreeSet<>();
    List<String> strange = new ArrayList<>();
    for (String word : text.strip().split("\\s+")) {
      if (word.startsWith(VO)) {
        vos.add(word.substring(VO.length()));
      } else if (word.startsWith(GROUP)) {
        groups.add(word.substring(GROUP.length()));
      } else if (word.startsWith(PROPERTY)) {
        properties.add(word.substring(PROPERTY.length()));
      } else if (!word.isEmpty()) {
        strange.add(word);
      }
    }
    if (!strange.isEmpty()) {
      throw invalid("Unrecognised scopes: " + list(strange));
    }
    Vo vo = vo(vos, configuration);
    return new Scope(vo.name(), group(groups, vo), known(properties, configuration));
  }

  private static Vo vo(Set<String> asked, Configuration configuration) {
    if (asked.isEmpty()) {
      throw invalid(
          "No vo scope requested, available values: "
              + configuration.registry().keySet().stream()
                  .map(name -> "'" + VO + name + "'")
                  .collect(Collectors.joining(" ")));
    }
    if (asked.size() > 1) {
      throw invalid("Only one vo is allowed but got " + list(asked));
    }
    String name = asked.iterator().next();
    Vo vo = configuration.registry().get(name);
    if (vo == null) {
      throw invalid("VO " + name + " is not known to this installation");
    }
    return vo;
  }

  private static String group(Set<String> asked, Vo vo) {
    if (asked.size() > 1) {
      throw invalid("Only one DIRAC group allowed but got " + list(asked));
    }
    String group = asked.isEmpty() ? vo.defaultGroup() : asked.iterator().next();
    if (!vo.groups().containsKey(group)) {
      throw invalid(group + " not in " + vo.name() + " groups");
    }
    return group;
  }

  private static SortedSet<String> known(SortedSet<String> asked, Configuration configuration) {
    SortedSet<String> unknown = new TreeSet<>(asked);
    unknown.removeAll(knownProperties(configuration));
    if (!unknown.isEmpty()) {
      throw invalid(
          unknown.stream()
              .map(name -> "'" + name + "'")
              .collect(Collectors.joining(", ", "{", "} are not valid properties")));
    }
    return asked;
  }

  /** DIRAC's properties and those that a group of this installation has besides. */
  public static SortedSet<String> knownProperties(Configuration configuration) {
    SortedSet<String> known = new TreeSet<>(Roles.PROPERTIES);
    for (Vo vo : configuration.registry().values()) {
      vo.groups().values().forEach(group -> known.addAll(group.properties()));
    }
    return known;
  }

  private static String list(Collection<String> words) {
    return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(", ", "[", "]"));
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }

  /** The form in which a refresh token's row keeps it. */
  public String text() {
    return VO
        + vo
        + " "
        + GROUP
        + group
        + properties.stream().map(name -> " " + PROPERTY + name).collect(Collectors.joining());
  }
}
