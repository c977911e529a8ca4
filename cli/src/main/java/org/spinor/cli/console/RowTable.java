package org.spinor.cli.console;

import java.time.ZoneId;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Rows of the server as a table: times as people read them, statuses in colour. */
public final class RowTable {
  private RowTable() {}

  public static Table of(List<String> columns, List<JsonNode> rows, ZoneId zone) {
    Table table = new Table(columns).colouring("Status");
    for (JsonNode row : rows) {
      table.row(columns.stream().map(column -> cell(row.path(column), column, zone)).toList());
    }
    return table;
  }

  public static String cell(JsonNode value, String column, ZoneId zone) {
    if (value.isMissingNode() || value.isNull()) {
      return "-";
    }
    String text = value.isString() ? value.stringValue() : value.toString();
    return column.matches(".*(Time|_at|_until)|created") ? Times.shown(text, zone) : text;
  }
}
