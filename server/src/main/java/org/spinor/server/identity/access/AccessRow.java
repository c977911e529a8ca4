package org.spinor.server.identity.access;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.people.Roles;

/**
 * Who may call one route, and how far they reach there.
 *
 * @param text the route as the table writes it
 * @param place table and line
 * @param cells role to reach; roles that are refused are absent
 * @param barred roles that are refused whatever the caller is besides, unless that reaches all
 */
record AccessRow(
    Route route,
    String text,
    String place,
    Map<String, Reach> cells,
    Set<String> barred,
    Masks masks) {

  /** The roles of each reach as bits. */
  record Masks(long own, long vo, long all, long barred) {}

  static AccessRow of(
      Route route, String text, String place, Map<String, Reach> cells, Set<String> barred) {
    return new AccessRow(
        route,
        text,
        place,
        new TreeMap<>(cells),
        new TreeSet<>(barred),
        new Masks(
            bits(cells, Reach.OWN),
            bits(cells, Reach.VO),
            bits(cells, Reach.ALL),
            bits(barred.stream())));
  }

  private static long bits(Map<String, Reach> cells, Reach reach) {
    return bits(
        cells.entrySet().stream().filter(cell -> cell.getValue() == reach).map(Map.Entry::getKey));
  }

  private static long bits(Stream<String> roles) {
    return roles.mapToLong(Roles::bit).reduce(0, (some, bit) -> some | bit);
  }

  boolean isOpen() {
    return cells.containsKey(Roles.ANONYMOUS);
  }

  /** The widest reach of these roles here; empty: refused. */
  Optional<Reach> reach(long roles) {
    if ((masks.all & roles) != 0) {
      return Optional.of(Reach.ALL);
    }
    if ((masks.barred & roles) != 0) {
      return Optional.empty();
    }
    if ((masks.vo & roles) != 0) {
      return Optional.of(Reach.VO);
    }
    return (masks.own & roles) != 0 ? Optional.of(Reach.OWN) : Optional.empty();
  }
}
