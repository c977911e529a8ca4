package org.spinor.it.contract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One route as an OpenAPI document tells it.
 *
 * @param name the operation's id, of which clients make the method's name
 * @param token whether one is needed
 * @param facts by place
 */
record Operation(String name, boolean token, Map<String, Fact> facts) {
  private static final Set<String> ASKED = Set.of("path", "query", "header", "json", "form");

  Operation {
    facts = new TreeMap<>(facts);
  }

  /** Everything that a client made for {@code contract} would trip over here. */
  Set<String> differences(Operation contract) {
    Set<String> found = new TreeSet<>();
    if (!name.equals(contract.name)) {
      found.add("name " + contract.name);
    }
    if (token && !contract.token) {
      found.add("token");
    }
    contract.facts.forEach(
        (place, promise) -> {
          Fact here = facts.get(place);
          boolean content =
              here != null && (asks(place) ? here.takesAllOf(promise) : here.givesOnly(promise));
          if (!content) {
            found.add(place);
          }
        });
    facts.forEach(
        (place, here) -> {
          if (asks(place)
              && !here.optional()
              && !contract.facts.containsKey(place)
              && contract.facts.containsKey(parent(place))) {
            found.add(place);
          }
        });
    return found;
  }

  private static boolean asks(String place) {
    return ASKED.contains(List.of(place.split(" ")).getFirst());
  }

  /** What this is a part of; parameters are parts of the route itself, which everybody has. */
  private static String parent(String place) {
    int space = place.indexOf(' ');
    String name = place.substring(space + 1);
    int end =
        Math.max(name.lastIndexOf('.'), Math.max(name.lastIndexOf('['), name.lastIndexOf('{')));
    if (name.equals(".")) {
      return "";
    }
    return place.substring(0, space + 1) + (end <= 0 ? "." : name.substring(0, end));
  }
}
