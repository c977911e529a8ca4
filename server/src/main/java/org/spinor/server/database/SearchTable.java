package org.spinor.server.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Searches and summaries of one table with the conditions of DiracX: paging, sorting, grouping,
 * distinct rows. The conditions on top of the caller's (whose rows they may see) are added by the
 * room to {@link Conditions}.
 */
public final class SearchTable {
  private static final int MAX_PER_PAGE = 10_000;

  private final String table;
  private final SequencedMap<String, SearchColumn> columns;
  private final SearchColumn key;

  /**
   * @param table with its schema; may be a join
   * @param columns in the order in which rows show them; the first one is unique and gives the
   *     order of rows where a request asks for none
   */
  public SearchTable(String table, List<SearchColumn> columns) {
    this.table = table;
    this.columns = new LinkedHashMap<>();
    columns.forEach(column -> this.columns.put(column.name(), column));
    this.key = columns.getFirst();
  }

  /**
   * The conditions of a request.
   *
   * @throws SpinorException INVALID_REQUEST, UNPROCESSABLE
   */
  public Conditions conditions(List<SearchRequest.Spec> search) {
    Conditions conditions = new Conditions();
    for (SearchRequest.Spec spec : search) {
      SearchColumn column = columns.get(spec.parameter());
      if (column == null) {
        throw invalid("Unknown column " + spec.parameter());
      }
      SearchCondition.add(conditions, column, spec);
    }
    return conditions;
  }

  /** One page. The total is counted only where the page itself does not tell it. */
  public SearchPage search(
      JdbcClient jdbc, SearchRequest request, Conditions conditions, int page, int perPage) {
    return search(jdbc, request, conditions, page, perPage, Optional.empty());
  }

  /**
   * As the other one, for rooms that know totals without counting rows.
   *
   * @param total how many rows there are in all pages; asked where the page does not tell it
   */
  public SearchPage search(
      JdbcClient jdbc,
      SearchRequest request,
      Conditions conditions,
      int page,
      int perPage,
      Optional<LongSupplier> total) {
    if (page < 1 || perPage < 1 || perPage > MAX_PER_PAGE) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "page is at least 1, per_page is 1 to " + MAX_PER_PAGE);
    }
    List<SearchColumn> chosen = chosen(request.parameters());
    String select =
        "SELECT "
            + (request.distinct() ? "DISTINCT " : "")
            + list(chosen, SearchColumn::sql)
            + " FROM "
            + table
            + " "
            + conditions.where();
    long offset = (page - 1L) * perPage;
    String paged = select + order(request, chosen) + " LIMIT " + perPage + " OFFSET " + offset;
    return guarded(
        () -> {
          List<Map<String, @Nullable Object>> rows =
              jdbc.sql(paged)
                  .params(conditions.values())
                  .query((row, number) -> map(row, chosen))
                  .list();
          boolean last = rows.size() < perPage && (page == 1 || !rows.isEmpty());
          if (last) {
            return new SearchPage(rows, offset, offset + rows.size());
          }
          LongSupplier counted =
              total.orElse(
                  () ->
                      jdbc.sql("SELECT count(*) FROM (" + select + ") counted")
                          .params(conditions.values())
                          .query(Long.class)
                          .single());
          return new SearchPage(rows, offset, counted.getAsLong());
        });
  }

  /** Counts per group: the grouping columns and {@code count}; times are written with an offset. */
  public List<Map<String, @Nullable Object>> summary(
      JdbcClient jdbc, SearchRequest.Summary request, Conditions conditions) {
    List<SearchColumn> groups = chosen(request.grouping());
    String names = list(groups, SearchColumn::sql);
    String sql =
        "SELECT "
            + names
            + ", count(*) FROM "
            + table
            + " "
            + conditions.where()
            + " GROUP BY "
            + names;
    return guarded(
        () ->
            jdbc.sql(sql)
                .params(conditions.values())
                .query(
                    (row, number) -> {
                      Map<String, @Nullable Object> group = map(row, groups);
                      group.replaceAll((name, value) -> withOffset(value));
                      group.put("count", row.getLong(groups.size() + 1));
                      return group;
                    })
                .list());
  }

  private List<SearchColumn> chosen(List<String> names) {
    if (names.isEmpty()) {
      return List.copyOf(columns.values());
    }
    List<String> unknown = names.stream().filter(name -> !columns.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      throw invalid(
          unknown.stream()
              .map(name -> "'" + name + "'")
              .collect(Collectors.joining(", ", "Unrecognised parameters requested {", "}")));
    }
    return columns.values().stream().filter(column -> names.contains(column.name())).toList();
  }

  private String order(SearchRequest request, List<SearchColumn> chosen) {
    List<String> order = new ArrayList<>();
    boolean unique = request.distinct();
    for (SearchRequest.Sort sort : request.sort()) {
      SearchColumn column = columns.get(sort.parameter());
      if (column == null) {
        throw invalid("Cannot sort by " + sort.parameter() + ": unknown column");
      }
      if (request.distinct() && !chosen.contains(column)) {
        throw invalid("Cannot sort distinct rows by " + column.name() + ": it is not among them");
      }
      order.add(column.sql() + direction(sort));
      unique |= column.equals(key);
    }
    if (!unique) {
      order.add(key.sql());
    }
    return order.isEmpty() ? "" : " ORDER BY " + String.join(", ", order);
  }

  private static String direction(SearchRequest.Sort sort) {
    return switch (sort.direction()) {
      case "asc" -> "";
      case "desc" -> " DESC";
      default ->
          throw new SpinorException(
              ErrorCode.UNPROCESSABLE,
              "sort direction is asc or desc, not '" + sort.direction() + "'");
    };
  }

  private static Map<String, @Nullable Object> map(ResultSet row, List<SearchColumn> chosen)
      throws SQLException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < chosen.size(); i++) {
      SearchColumn column = chosen.get(i);
      values.put(column.name(), column.read(row, i + 1));
    }
    return values;
  }

  private static @Nullable Object withOffset(@Nullable Object value) {
    return value instanceof Instant time
        ? time.toString().substring(0, time.toString().length() - 1) + "+00:00"
        : value;
  }

  private static String list(List<SearchColumn> columns, Function<SearchColumn, String> part) {
    return columns.stream().map(part).collect(Collectors.joining(", "));
  }

  private static <T> T guarded(Supplier<T> query) {
    try {
      return query.get();
    } catch (DataAccessException e) {
      Optional<SQLException> cause = sqlException(e);
      if (cause.isPresent() && "2201B".equals(cause.get().getSQLState())) {
        throw invalid("Invalid regex (" + cause.get().getMessage() + ")");
      }
      throw e;
    }
  }

  private static Optional<SQLException> sqlException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return Optional.of(sql);
      }
    }
    return Optional.empty();
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }
}
