package org.spinor.server.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A column that searches may name.
 *
 * @param name as clients write it
 * @param sql the column or expression in the table
 */
public record SearchColumn(String name, String sql, Kind kind) {
  /** What values a column holds: decides how conditions read their values. */
  public enum Kind {
    TEXT,
    INTEGER,
    REAL,
    BOOLEAN,
    TIME
  }

  @Nullable Object read(ResultSet row, int position) throws SQLException {
    return switch (kind) {
      case TEXT -> row.getString(position);
      case INTEGER -> orNull(row.getLong(position), row);
      case REAL -> orNull(row.getDouble(position), row);
      case BOOLEAN -> orNull(row.getBoolean(position), row);
      case TIME -> {
        OffsetDateTime time = row.getObject(position, OffsetDateTime.class);
        yield time == null ? null : time.toInstant();
      }
    };
  }

  private static @Nullable Object orNull(Object value, ResultSet row) throws SQLException {
    return row.wasNull() ? null : value;
  }
}
