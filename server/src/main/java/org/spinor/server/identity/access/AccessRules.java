package org.spinor.server.identity.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The access tables of all rooms together: the one place that says who may call what. */
final class AccessRules {
  static final String TABLES = "classpath*:access/*.txt";

  private final Map<Route, AccessRow> rows;
  private final List<AccessRow> prefixes;
  private final List<String> problems;

  private AccessRules(Map<Route, AccessRow> rows, List<String> problems) {
    this.rows = Map.copyOf(rows);
    this.problems = List.copyOf(problems);
    this.prefixes =
        rows.values().stream()
            .filter(row -> row.route().isPrefix())
            .sorted(
                Comparator.comparingInt((AccessRow row) -> row.route().path().length()).reversed())
            .toList();
  }

  static AccessRules load() {
    Map<String, String> tables = new TreeMap<>();
    try {
      for (Resource table : new PathMatchingResourcePatternResolver().getResources(TABLES)) {
        tables.put(
            "access/" + table.getFilename(), table.getContentAsString(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the access tables", e);
    }
    return of(tables);
  }

  /**
   * @param tables file name to text
   */
  static AccessRules of(Map<String, String> tables) {
    Map<Route, AccessRow> rows = new HashMap<>();
    List<String> problems = new ArrayList<>();
    new TreeMap<>(tables)
        .forEach(
            (name, text) -> {
              AccessTable table = AccessTable.parse(name, text);
              problems.addAll(table.problems());
              for (AccessRow row : table.rows()) {
                AccessRow other = rows.putIfAbsent(row.route(), row);
                if (other != null) {
                  problems.add(
                      row.place() + ": " + row.text() + " has a row already in " + other.place());
                }
              }
            });
    return new AccessRules(rows, problems);
  }

  /** The row of a route: its own, else that of the narrowest folder with a {@code /**} row. */
  Optional<AccessRow> row(Route route) {
    AccessRow own = rows.get(route);
    return own != null
        ? Optional.of(own)
        : prefixes.stream().filter(prefix -> prefix.route().covers(route)).findFirst();
  }

  List<AccessRow> rows() {
    return rows.values().stream().sorted(Comparator.comparing(AccessRow::route)).toList();
  }

  /**
   * Everything that is wrong: in the tables themselves and between them and the server's routes.
   */
  List<String> problems(Collection<Route> routes) {
    List<String> all = new ArrayList<>(problems);
    for (Route route : routes.stream().sorted().distinct().toList()) {
      if (row(route).isEmpty()) {
        all.add(route + " has no row in any access table: nobody may call it");
      }
    }
    for (AccessRow row : rows()) {
      if (routes.stream().noneMatch(row.route()::covers)) {
        all.add(row.place() + ": " + row.text() + " is no route of this server");
      }
    }
    return all;
  }
}
