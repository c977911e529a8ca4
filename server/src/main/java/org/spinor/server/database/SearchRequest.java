package org.spinor.server.database;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of the search routes. Everything may be left out; keys that nobody knows are ignored.
 *
 * @param parameters columns to answer; empty: all
 * @param search conditions, all of which hold
 * @param sort most important first
 * @param distinct equal rows are answered once
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SearchRequest(
    List<String> parameters, List<Spec> search, List<Sort> sort, boolean distinct) {

  public SearchRequest {
    parameters = copy(parameters);
    search = copy(search);
    sort = copy(sort);
  }

  /** From JSON, where everything may be missing. */
  @JsonCreator
  static SearchRequest of(
      @JsonProperty("parameters") @Nullable List<String> parameters,
      @JsonProperty("search") @Nullable List<Spec> search,
      @JsonProperty("sort") @Nullable List<Sort> sort,
      @JsonProperty("distinct") @Nullable Boolean distinct) {
    return new SearchRequest(
        copy(parameters), copy(search), copy(sort), Boolean.TRUE.equals(distinct));
  }

  public static SearchRequest all() {
    return new SearchRequest(List.of(), List.of(), List.of(), false);
  }

  /**
   * One condition.
   *
   * @param operator {@code eq, neq, gt, lt, like, not like, regex} with a value; {@code in, not in}
   *     with values
   * @param value text or a whole number
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(
      String parameter, String operator, @Nullable Object value, @Nullable List<Object> values) {
    public Spec {
      parameter = Objects.requireNonNullElse(parameter, "");
      operator = Objects.requireNonNullElse(operator, "");
    }

    /** The value, or the values, as a list. */
    public List<Object> operands() {
      if (values != null) {
        return values;
      }
      return value == null ? List.of() : List.of(value);
    }
  }

  /**
   * @param direction {@code asc} or {@code desc}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Sort(String parameter, String direction) {
    public Sort {
      parameter = Objects.requireNonNullElse(parameter, "");
      direction = Objects.requireNonNullElse(direction, "");
    }
  }

  /**
   * The body of the summary routes.
   *
   * @param grouping columns to group by; empty: all
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Summary(List<String> grouping, List<Spec> search) {
    public Summary {
      grouping = copy(grouping);
      search = copy(search);
    }
  }

  private static <T> List<T> copy(@Nullable List<T> items) {
    return items == null ? List.of() : List.copyOf(items);
  }
}
