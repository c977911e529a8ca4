package org.spinor.server.identity.access;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.spinor.server.AdminCommand;
import org.spinor.server.CommandLine;
import org.spinor.server.WrongUseException;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.people.Roles;
import org.spinor.server.web.WireJson;

/** {@code spinor admin access}: who may call what. */
public final class AccessCommand implements AdminCommand {
  private static final String TABLE = "table";
  private static final String JSON = "json";

  private final PrintStream out;

  /** As the command line uses it. */
  public AccessCommand() {
    this(System.out);
  }

  AccessCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public String name() {
    return "access";
  }

  @Override
  public String summary() {
    return "prints who may call which route";
  }

  @Override
  public String help() {
    return """
        Usage: spinor admin access [--role ROLE] [--output table|json]

        Prints the server's routes and who may call them. own: the caller's own objects; vo: those
        of the caller's VO; all: everything; no: refused, whatever the caller is besides. A role is a property of the caller's group, or
        anonymous (no token), member (any person), pilot, payload.

          --role ROLE      only the routes that this role may call
          --output FORMAT  table or json. Default: table
        """;
  }

  @Override
  public int run(List<String> arguments) {
    CommandLine line =
        CommandLine.parse(arguments, Set.of("--role", "--output", "--data"), Set.of());
    String output = line.value("--output").orElse(TABLE);
    if (!List.of(TABLE, JSON).contains(output) || !line.rest().isEmpty()) {
      throw new WrongUseException("expected --output table or json (spinor admin access --help)");
    }
    line.value("--role")
        .filter(role -> !Roles.isKnown(role))
        .ifPresent(
            role -> {
              throw new WrongUseException(
                  "unknown role " + role + "; known are " + String.join(", ", Roles.ALL));
            });
    List<AccessRow> rows =
        AccessRules.load().rows().stream()
            .filter(row -> line.value("--role").map(row.cells()::containsKey).orElse(true))
            .toList();
    out.print(output.equals(JSON) ? json(rows) : table(rows));
    return 0;
  }

  /** One route of the JSON output. */
  record Entry(String route, Map<String, String> allowed, String table) {}

  private static String json(List<AccessRow> rows) {
    List<Entry> entries = new ArrayList<>();
    for (AccessRow row : rows) {
      Map<String, String> allowed = new TreeMap<>();
      row.cells().forEach((role, reach) -> allowed.put(role, word(reach)));
      row.barred().forEach(role -> allowed.put(role, AccessTable.BARRED));
      entries.add(new Entry(row.text(), allowed, row.place()));
    }
    return WireJson.mapper().writeValueAsString(entries) + "\n";
  }

  private static String word(Reach reach) {
    return reach.name().toLowerCase(Locale.ROOT);
  }

  private static String table(List<AccessRow> rows) {
    int width = rows.stream().mapToInt(row -> row.text().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (AccessRow row : rows) {
      List<String> allowed = new ArrayList<>();
      for (String role : Roles.ALL) {
        Reach reach = row.cells().get(role);
        if (reach != null) {
          allowed.add(role + ":" + word(reach));
        } else if (row.barred().contains(role)) {
          allowed.add(role + ":" + AccessTable.BARRED);
        }
      }
      text.append(
          ("%-" + Math.max(width, 1) + "s  %s%n")
              .formatted(row.text(), String.join("  ", allowed)));
    }
    return text.toString();
  }
}
