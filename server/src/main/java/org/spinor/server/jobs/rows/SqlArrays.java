package org.spinor.server.jobs.rows;

import java.util.Collection;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Columns of many rows as arrays for {@code unnest}. */
public final class SqlArrays {
  private SqlArrays() {}

  /** Text form of any column; the SQL casts it ({@code ::timestamptz[]}). */
  public static <T> @Nullable String[] texts(
      Collection<T> rows, Function<T, @Nullable Object> column) {
    @Nullable String[] values = new String[rows.size()];
    int i = 0;
    for (T row : rows) {
      Object value = column.apply(row);
      values[i++] = value == null ? null : value.toString();
    }
    return values;
  }

  public static <T> long[] numbers(Collection<T> rows, ToLongFunction<T> column) {
    return rows.stream().mapToLong(column).toArray();
  }

  public static long[] ids(Collection<Long> ids) {
    return numbers(ids, Long::longValue);
  }
}
