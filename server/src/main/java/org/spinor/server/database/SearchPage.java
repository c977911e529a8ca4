package org.spinor.server.database;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a search.
 *
 * @param rows values by column name, in the order of the table's columns
 * @param offset rows before the first one
 * @param total rows of all pages
 */
public record SearchPage(List<Map<String, @Nullable Object>> rows, long offset, long total) {
  /** 200: all there is; 206: a part; 416: a page behind the last one. */
  public int httpStatus() {
    if (rows.isEmpty() && total > 0) {
      return 416;
    }
    return rows.size() < total ? 206 : 200;
  }

  /**
   * The header {@code Content-Range}, where the answer has one.
   *
   * @param unit {@code jobs} or {@code pilots}
   */
  public Optional<String> contentRange(String unit) {
    return switch (httpStatus()) {
      case 416 -> Optional.of(unit + " */" + total);
      case 206 -> Optional.of(unit + " " + offset + "-" + (offset + rows.size() - 1) + "/" + total);
      default -> Optional.empty();
    };
  }
}
