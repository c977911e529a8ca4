package org.spinor.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What to find, and what of it to show.
 *
 * @param columns the columns wanted; empty: all
 * @param conditions all of which hold; empty: everything that the user may see
 * @param sort columns to sort by, the first one first
 */
public record Search(List<String> columns, List<Condition> conditions, List<Order> sort) {
  public Search {
    columns = List.copyOf(columns);
    conditions = List.copyOf(conditions);
    sort = List.copyOf(sort);
  }

  /** One column to sort by. */
  public record Order(String parameter, boolean descending) {}

  public static Search of(List<Condition> conditions) {
    return new Search(List.of(), conditions, List.of());
  }

  public Search columns(String... names) {
    return new Search(List.of(names), conditions, sort);
  }

  public Search sortedBy(String parameter, boolean descending) {
    return new Search(columns, conditions, List.of(new Order(parameter, descending)));
  }

  /** The search as it goes over the wire. */
  Map<String, Object> wire() {
    Map<String, Object> wire = new LinkedHashMap<>();
    if (!columns.isEmpty()) {
      wire.put("parameters", columns);
    }
    wire.put("search", conditions.stream().map(Condition::wire).toList());
    wire.put(
        "sort",
        sort.stream()
            .map(
                order ->
                    Map.of(
                        "parameter",
                        order.parameter(),
                        "direction",
                        order.descending() ? "desc" : "asc"))
            .toList());
    return wire;
  }
}
