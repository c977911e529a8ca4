package org.spinor.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.SearchColumn.Kind;
import org.spinor.server.database.SearchRequest.Sort;
import org.spinor.server.database.SearchRequest.Spec;
import org.spinor.server.web.WireJson;

class SearchTableTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final SearchTable BIRDS =
      new SearchTable(
          "birds.bird",
          List.of(
              new SearchColumn("BirdID", "id", Kind.INTEGER),
              new SearchColumn("Name", "name", Kind.TEXT),
              new SearchColumn("Weight", "weight", Kind.REAL),
              new SearchColumn("Tame", "tame", Kind.BOOLEAN),
              new SearchColumn("Seen", "seen", Kind.TIME)));

  @BeforeAll
  static void birds() {
    DATABASE
        .jdbc()
        .sql(
            """
            CREATE SCHEMA birds
              CREATE TABLE bird (id bigint PRIMARY KEY, name text, weight float8, tame boolean, seen timestamptz)
            """)
        .update();
    DATABASE
        .jdbc()
        .sql(
            """
            INSERT INTO birds.bird VALUES
              (1, 'robin', 0.02, true, '2025-12-31T23:59:59.9Z'),
              (2, 'heron', 1.5, false, '2026-01-01T00:00:00Z'),
              (3, 'crane', 5, false, '2026-01-01T10:20:30.5Z'),
              (4, 'robin', 0.03, true, '2026-02-01T00:00:00Z'),
              (5, 'wren', 0.01, true, NULL)
            """)
        .update();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BirdID | eq | 5 | 5",
        "BirdID | gt | 3 | 4,5",
        "BirdID | lt | 2 | 1",
        "BirdID | like | 1% | 1",
        "Name | eq | robin | 1,4",
        "Name | neq | robin | 2,3,5",
        "Name | like | %r_n | 2,5",
        "Name | like | %r_n% | 2,3,5",
        "Name | not like | r% | 2,3,5",
        "Name | regex | ^.r | 3,5",
        "Weight | gt | 1 | 2,3",
        "Weight | eq | 1.5 | 2",
        "Tame | eq | True | 1,4,5",
        "Tame | neq | true | 2,3",
        "Seen | eq | 2026 | 2,3,4",
        "Seen | eq | 2026-01 | 2,3",
        "Seen | eq | 2026-01-01 10 | 3",
        "Seen | eq | 2026-01-01T10:20:30.999Z | 3",
        "Seen | neq | 2026-01 | 1,4",
        "Seen | gt | 2026-01 | 4",
        "Seen | lt | 2026-01-01T00:00:00.000Z | 1",
        "Seen | lt | 2026-01-01T01:00:00+01:00 | 1"
      })
  void scalarOperatorsFindWhatTheySay(
      String parameter, String operator, String value, String expected) {
    assertThat(ids(new Spec(parameter, operator, value, null))).isEqualTo(expected);
  }

  @Test
  void vectorOperatorsFindWhatTheySay() {
    assertThat(ids(new Spec("BirdID", "in", null, List.of("1", 2)))).isEqualTo("1,2");
    assertThat(ids(new Spec("BirdID", "not in", null, List.of(1, 2)))).isEqualTo("3,4,5");
    assertThat(ids(new Spec("Name", "in", null, List.of("wren", "crane")))).isEqualTo("3,5");
    assertThat(ids(new Spec("Name", "in", null, List.of()))).isEmpty();
    assertThat(ids(new Spec("Weight", "in", null, List.of(5)))).isEqualTo("3");
    assertThat(ids(new Spec("Tame", "in", null, List.of("False")))).isEqualTo("2,3");
    assertThat(ids(new Spec("Seen", "in", null, List.of("2025-12", "2026-02")))).isEqualTo("1,4");
    assertThat(ids(new Spec("Seen", "not in", null, List.of("2025-12", "2026-02"))))
        .isEqualTo("2,3");
    assertThat(ids(new Spec("Seen", "in", null, List.of()))).isEmpty();
  }

  @Test
  void textOfAHostileCallerStaysAValue() {
    assertThat(ids(new Spec("Name", "eq", "' OR '1'='1", null))).isEmpty();
    assertThat(ids(new Spec("Name", "in", null, List.of("x'); DROP TABLE birds.bird; --"))))
        .isEmpty();
    assertThat(ids(new Spec("Name", "eq", ":c0 ? \\", null))).isEmpty();
  }

  @Test
  void bodiesMayLeaveOutEverything() {
    assertThat(WireJson.mapper().readValue("{}", SearchRequest.class))
        .isEqualTo(SearchRequest.all());
    SearchRequest request =
        WireJson.mapper()
            .readValue(
                """
                {"parameters": null, "sort": null, "page": 7, "search": [
                  {"parameter": "BirdID", "operator": "eq", "value": 5, "values": null},
                  {"parameter": "BirdID", "operator": "in", "values": ["5", 6], "value": null}]}
                """,
                SearchRequest.class);
    assertThat(ids(request.search().getFirst())).isEqualTo("5");
    assertThat(ids(request.search().getLast())).isEqualTo("5");
    assertThat(WireJson.mapper().readValue("{}", SearchRequest.Summary.class).grouping()).isEmpty();
  }

  @Test
  void pagesTellTheirPlaceAndTheTotal() {
    SearchPage first = page(SearchRequest.all(), 1, 2);
    assertThat(first.httpStatus()).isEqualTo(206);
    assertThat(first.contentRange("birds")).contains("birds 0-1/5");
    SearchPage last = page(SearchRequest.all(), 3, 2);
    assertThat(last.contentRange("birds")).contains("birds 4-4/5");
    SearchPage behind = page(SearchRequest.all(), 4, 2);
    assertThat(behind.httpStatus()).isEqualTo(416);
    assertThat(behind.contentRange("birds")).contains("birds */5");
    SearchPage whole = page(SearchRequest.all(), 1, 5);
    assertThat(whole.httpStatus()).isEqualTo(200);
    assertThat(whole.contentRange("birds")).isEmpty();
    SearchPage none =
        BIRDS.search(
            DATABASE.jdbc(),
            SearchRequest.all(),
            BIRDS.conditions(List.of(new Spec("BirdID", "eq", 99, null))),
            1,
            10);
    assertThat(none.httpStatus()).isEqualTo(200);
    assertThat(none.rows()).isEmpty();
  }

  @Test
  void rowsHaveTheAskedColumnsInTheTablesOrder() {
    SearchPage page =
        page(
            new SearchRequest(
                List.of("Seen", "BirdID"), List.of(), List.of(new Sort("Seen", "desc")), false),
            1,
            10);
    assertThat(page.rows().getLast().keySet()).containsExactly("BirdID", "Seen");
    assertThat(page.rows().stream().map(row -> row.get("BirdID")))
        .containsExactly(5L, 4L, 3L, 2L, 1L);
    assertThat(page.rows().getLast().get("Seen")).hasToString("2025-12-31T23:59:59.900Z");
    assertThat(page.rows().getFirst().get("Seen")).isNull();
  }

  @Test
  void distinctRowsAreCountedAsSuch() {
    SearchPage page = page(new SearchRequest(List.of("Name"), List.of(), List.of(), true), 1, 3);
    assertThat(page.rows()).hasSize(3).doesNotHaveDuplicates();
    assertThat(page.total()).isEqualTo(4);
  }

  @Test
  void summaryCountsGroups() {
    List<Map<String, @Nullable Object>> byName =
        BIRDS.summary(
            DATABASE.jdbc(),
            new SearchRequest.Summary(List.of("Name"), List.of()),
            BIRDS.conditions(List.of(new Spec("Tame", "eq", "True", null))));
    assertThat(byName)
        .containsExactlyInAnyOrder(
            Map.of("Name", "robin", "count", 2L), Map.of("Name", "wren", "count", 1L));
    List<Map<String, @Nullable Object>> all =
        BIRDS.summary(
            DATABASE.jdbc(),
            new SearchRequest.Summary(List.of(), List.of()),
            BIRDS.conditions(List.of(new Spec("BirdID", "eq", 2, null))));
    assertThat(all.getFirst().get("Seen")).isEqualTo("2026-01-01T00:00:00+00:00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nobody|eq|1|INVALID_REQUEST|Unknown column Nobody",
        "Name|ilike|x|UNPROCESSABLE|unknown operator 'ilike'",
        "Name|regex|(|INVALID_REQUEST|Invalid regex (",
        "BirdID|eq|many|INVALID_REQUEST|Cannot parse value 'many'",
        "Tame|eq|perhaps|INVALID_REQUEST|Cannot parse value 'perhaps'",
        "Seen|eq|yesterday|INVALID_REQUEST|Cannot parse value='yesterday'",
        "Seen|eq|2026-13|INVALID_REQUEST|Cannot parse value='2026-13'",
        "Seen|like|2026|INVALID_REQUEST|Cannot use operator 'like'",
        "Name|in|x|UNPROCESSABLE|needs values"
      })
  void badConditionsAreRefusedInWords(String line) {
    String[] parts = line.split("\\|");
    assertRefused(
        new Spec(parts[0], parts[1], parts[2], null), ErrorCode.valueOf(parts[3]), parts[4]);
  }

  @Test
  void valuesAreTextOrWholeNumbers() {
    assertRefused(new Spec("Weight", "eq", 1.5, null), ErrorCode.UNPROCESSABLE, "whole number");
    assertRefused(new Spec("Name", "eq", null, null), ErrorCode.UNPROCESSABLE, "needs a value");
    assertRefused(new Spec("Name", "eq", "a\0b", null), ErrorCode.INVALID_REQUEST, "NUL");
  }

  @Test
  void unknownNamesAreRefusedInEveryPlace() {
    assertThatThrownBy(
            () -> page(new SearchRequest(List.of("Foo"), List.of(), List.of(), false), 1, 1))
        .hasMessage("Unrecognised parameters requested {'Foo'}");
    assertThatThrownBy(
            () ->
                page(
                    new SearchRequest(List.of(), List.of(), List.of(new Sort("Foo", "asc")), false),
                    1,
                    1))
        .hasMessage("Cannot sort by Foo: unknown column");
    assertThatThrownBy(
            () ->
                page(
                    new SearchRequest(List.of(), List.of(), List.of(new Sort("Name", "up")), false),
                    1,
                    1))
        .hasMessageContaining("asc or desc");
    assertThatThrownBy(() -> page(SearchRequest.all(), 0, 1)).hasMessageContaining("page");
    assertThatThrownBy(() -> page(SearchRequest.all(), 1, 10_001)).hasMessageContaining("per_page");
  }

  private static void assertRefused(Spec spec, ErrorCode code, String text) {
    assertThatThrownBy(() -> ids(spec))
        .hasMessageContaining(text)
        .asInstanceOf(InstanceOfAssertFactories.type(SpinorException.class))
        .extracting(SpinorException::code)
        .isEqualTo(code);
  }

  private static SearchPage page(SearchRequest request, int page, int perPage) {
    return BIRDS.search(
        DATABASE.jdbc(), request, BIRDS.conditions(request.search()), page, perPage);
  }

  private static String ids(Spec spec) {
    SearchPage page =
        BIRDS.search(DATABASE.jdbc(), SearchRequest.all(), BIRDS.conditions(List.of(spec)), 1, 100);
    return String.join(
        ",", page.rows().stream().map(row -> String.valueOf(row.get("BirdID"))).toList());
  }
}
