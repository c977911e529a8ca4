package org.spinor.server.identity.access;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.people.Roles;

/**
 * Reads the access table of one room (docs/developer/access.md). All that is wrong with it is
 * found, not only the first.
 *
 * @param rows the good rows
 * @param problems one line each, with table and line
 */
record AccessTable(List<AccessRow> rows, List<String> problems) {
  private static final Pattern ROUTE = Pattern.compile("(GET|POST|PUT|PATCH|DELETE) (/[^\\s|]*)");

  /** The role is refused, whatever the caller is besides. */
  static final String BARRED = "no";

  AccessTable {
    rows = List.copyOf(rows);
    problems = List.copyOf(problems);
  }

  static AccessTable parse(String name, String text) {
    return new Reader(name).read(text);
  }

  private static final class Reader {
    private final String name;
    private final List<AccessRow> rows = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private List<String> roles = List.of();

    Reader(String name) {
      this.name = name;
    }

    AccessTable read(String text) {
      boolean header = false;
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (line.isEmpty() || line.startsWith("#")) {
          continue;
        }
        String place = name + " line " + (i + 1);
        List<String> cells = cells(line);
        if (header) {
          row(place, cells).ifPresent(rows::add);
        } else {
          header(place, cells);
          header = true;
        }
      }
      if (!header) {
        problems.add(name + ": no first line \"route | role | ...\"");
      }
      return new AccessTable(rows, problems);
    }

    private static List<String> cells(String line) {
      List<String> cells = new ArrayList<>();
      for (String cell : line.split("\\|", -1)) {
        cells.add(cell.strip());
      }
      return cells;
    }

    private void header(String place, List<String> cells) {
      if (!cells.getFirst().equals("route")) {
        problems.add(place + ": the first line begins with \"route\"");
      }
      roles = List.copyOf(cells.subList(1, cells.size()));
      Set<String> seen = new HashSet<>();
      for (String role : roles) {
        if (!Roles.isKnown(role)) {
          problems.add(
              place + ": unknown role '" + role + "'; known are " + String.join(", ", Roles.ALL));
        } else if (!seen.add(role)) {
          problems.add(place + ": role " + role + " has two columns");
        }
      }
    }

    private Optional<AccessRow> row(String place, List<String> cells) {
      Matcher route = ROUTE.matcher(cells.getFirst());
      if (!route.matches()) {
        problems.add(
            place
                + ": expected a method and a path as 'GET /api/jobs/{id}', got '"
                + cells.getFirst()
                + "'");
        return Optional.empty();
      }
      if (cells.size() != roles.size() + 1) {
        problems.add(
            place
                + ": "
                + (cells.size() - 1)
                + " cells after the route; the first line names "
                + roles.size()
                + " roles");
        return Optional.empty();
      }
      Map<String, Reach> reaches = new HashMap<>();
      Set<String> barred = new HashSet<>();
      for (int i = 0; i < roles.size(); i++) {
        String cell = cells.get(i + 1);
        if (cell.equals(BARRED)) {
          barred.add(roles.get(i));
        } else if (!cell.isEmpty()) {
          reach(place, roles.get(i), cell, reaches);
        }
      }
      if (reaches.isEmpty()) {
        problems.add(place + ": " + cells.getFirst() + " is allowed to nobody");
        return Optional.empty();
      }
      return Optional.of(
          AccessRow.of(
              Route.of(route.group(1), route.group(2)), cells.getFirst(), place, reaches, barred));
    }

    private void reach(String place, String role, String cell, Map<String, Reach> reaches) {
      Optional<Reach> reach =
          EnumSet.allOf(Reach.class).stream()
              .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(cell))
              .findFirst();
      if (reach.isEmpty()) {
        problems.add(place + ": '" + cell + "' for " + role + " is not own, vo, all, no, or empty");
      } else if (role.equals(Roles.ANONYMOUS) && reach.get() != Reach.ALL) {
        problems.add(place + ": anonymous owns nothing and has no VO: all, or empty");
      } else {
        reaches.put(role, reach.get());
      }
    }
  }
}
