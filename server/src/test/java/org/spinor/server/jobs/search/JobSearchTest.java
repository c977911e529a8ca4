package org.spinor.server.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.SearchPage;
import org.spinor.server.database.SearchRequest;
import org.spinor.server.database.SearchRequest.Sort;
import org.spinor.server.database.SearchRequest.Spec;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Callers;
import org.spinor.server.jobs.JobsFixture;

class JobSearchTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private static final Caller ALICE = Callers.user("alice");
  private final JobSearch search = ROOM.get(JobSearch.class);

  @BeforeEach
  void empty() {
    ROOM.configurations.globalJobsInfo(true);
    ROOM.jdbc().sql("DELETE FROM jobs.job").update();
    ROOM.jdbc()
        .sql("TRUNCATE jobs.tally, jobs.tally_change, jobs.logging, jobs.attempt, jobs.lease")
        .update();
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private static Spec spec(String parameter, String operator, Object value) {
    return new Spec(parameter, operator, value, null);
  }

  private SearchPage page(Caller caller, List<String> columns, Spec... specs) {
    return search.search(
        caller, new SearchRequest(columns, List.of(specs), List.of(), false), 1, 10_000);
  }

  private List<Long> ids(Caller caller, Spec... specs) {
    return page(caller, List.of(), specs).rows().stream()
        .map(row -> (Long) Objects.requireNonNull(row.get("JobID")))
        .toList();
  }

  private void set(long job, String column, String value) {
    ROOM.jdbc()
        .sql("UPDATE jobs.job SET " + column + " = :value WHERE job_id = :id")
        .param("value", value)
        .param("id", job)
        .update();
  }

  @Test
  void rowsHaveTheColumnsOfDiracxInTheirOrder() {
    ROOM.waitingJob("alice", 1, 3);
    SearchPage all = page(ALICE, List.of());
    assertThat(all.rows().getFirst().keySet())
        .containsExactly(
            "JobID",
            "JobType",
            "JobGroup",
            "Site",
            "JobName",
            "Owner",
            "OwnerGroup",
            "VO",
            "SubmissionTime",
            "RescheduleTime",
            "LastUpdateTime",
            "StartExecTime",
            "HeartBeatTime",
            "EndExecTime",
            "Status",
            "MinorStatus",
            "ApplicationStatus",
            "UserPriority",
            "RescheduleCounter",
            "VerifiedFlag",
            "AccountedFlag");
    assertThat(all.rows().getFirst())
        .containsEntry("AccountedFlag", false)
        .containsEntry("VerifiedFlag", true);
    assertThat(page(ALICE, List.of("Status", "JobID")).rows().getFirst().keySet())
        .containsExactly("JobID", "Status");
  }

  @Test
  void nobodySeesAnotherVoAndTheVoDecidesAboutItsOwn() {
    long mine = ROOM.waitingJob("alice", 1, 1);
    long bobs = ROOM.waitingJob("bob", 1, 1);
    long foreign = ROOM.waitingJob("alice", 1, 1);
    set(foreign, "vo", "other");
    assertThat(ids(ALICE)).containsExactly(mine, bobs);
    ROOM.configurations.globalJobsInfo(false);
    assertThat(ids(ALICE)).containsExactly(mine);
    assertThat(ids(Callers.administrator())).containsExactly(mine, bobs);
    set(bobs, "owner_group", "shared");
    assertThat(ids(Callers.person("vo", "carol", "shared", Caller.Reach.OWN)))
        .containsExactly(bobs);
    assertThat(search.summary(ALICE, new SearchRequest.Summary(List.of("Owner"), List.of())))
        .containsExactly(Map.of("Owner", "alice", "count", 1L));
  }

  @Test
  void pagesAreCountedFromTheTallyAndFromTheRowsAlike() {
    for (int i = 0; i < 12; i++) {
      long job = ROOM.waitingJob(i % 3 == 0 ? "bob" : "alice", 1, i);
      if (i % 2 == 0) {
        set(job, "status", "Done");
      }
    }
    Spec owner = spec("Owner", "eq", "alice");
    SearchRequest byTally =
        new SearchRequest(
            List.of("JobID"), List.of(owner), List.of(new Sort("JobID", "desc")), false);
    SearchRequest byRows =
        new SearchRequest(
            List.of("JobID"),
            List.of(owner, spec("UserPriority", "gt", -1)),
            List.of(new Sort("JobID", "desc")),
            false);
    SearchPage first = search.search(ALICE, byTally, 1, 3);
    assertThat(first.contentRange("jobs")).contains("jobs 0-2/8");
    assertThat(first).isEqualTo(search.search(ALICE, byRows, 1, 3));
    assertThat(search.search(ALICE, byTally, 4, 3).contentRange("jobs")).contains("jobs */8");
    SearchRequest distinct = new SearchRequest(List.of("Owner"), List.of(), List.of(), true);
    assertThat(search.search(ALICE, distinct, 1, 1).total()).isEqualTo(2);
  }

  @Test
  void logComesWithTheRowsWhereAskedFor() {
    long job = ROOM.waitingJob("alice", 1, 1);
    ROOM.claim(job, "p1");
    Map<String, @Nullable Object> row =
        page(ALICE, List.of("LoggingInfo", "Status"), spec("JobID", "eq", Long.toString(job)))
            .rows()
            .getFirst();
    assertThat(row.keySet()).containsExactly("JobID", "Status", "LoggingInfo");
    assertThat((List<?>) row.get("LoggingInfo")).hasSize(1);
    assertThat(page(ALICE, List.of("LoggingInfo")).rows().getFirst()).hasSize(22);
  }

  @Test
  void jobsOfAPilotAreFoundByItsStamp() {
    long first = ROOM.waitingJob("alice", 1, 1);
    ROOM.waitingJob("alice", 1, 1);
    ROOM.claim(first, "p1");
    assertThat(ids(ALICE, spec("PilotStamp", "eq", "p1"))).containsExactly(first);
    assertThat(ids(ALICE, new Spec("PilotStamp", "in", null, List.of("p1", "p2"))))
        .containsExactly(first);
    assertThat(ids(ALICE, spec("PilotStamp", "eq", "nobody"))).isEmpty();
    refused("PilotStamp can be compared", spec("PilotStamp", "like", "p%"));
    refused(
        "Cannot filter by PilotStamp and JobID",
        spec("PilotStamp", "eq", "p1"),
        spec("JobID", "eq", 1));
    refused("Unknown column Foo", spec("Foo", "eq", "p1"));
  }

  private void refused(String text, Spec... specs) {
    assertThatThrownBy(() -> ids(ALICE, specs))
        .isInstanceOfSatisfying(
            SpinorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageContaining(text);
  }

  /** Random searches against a filter as plain as can be. */
  @RepeatedTest(5)
  void searchesAgreeWithANaiveFilter(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<String> words = List.of("User", "user", "Us%r", "Te_t", "", "Done", "LCG.CERN.ch");
    for (int i = 0; i < 60; i++) {
      long job = ROOM.waitingJob("o" + random.nextInt(3), 1, random.nextInt(4));
      set(job, "job_name", words.get(random.nextInt(words.size())));
      set(job, "site", words.get(random.nextInt(words.size())));
      set(job, "application_status", words.get(random.nextInt(words.size())));
    }
    List<Map<String, @Nullable Object>> all = page(ALICE, List.of()).rows();
    List<String> columns =
        List.of("JobName", "Site", "Owner", "ApplicationStatus", "UserPriority", "JobID");
    List<String> operators =
        List.of("eq", "neq", "gt", "lt", "like", "not like", "regex", "in", "not in");
    for (int i = 0; i < 150; i++) {
      List<Spec> specs = new ArrayList<>();
      List<Predicate<Map<String, @Nullable Object>>> model = new ArrayList<>();
      for (int n = random.nextInt(3); n >= 0; n--) {
        String column = columns.get(random.nextInt(columns.size()));
        String operator = operators.get(random.nextInt(operators.size()));
        boolean number = column.equals("UserPriority") || column.equals("JobID");
        Object value =
            number
                ? Objects.requireNonNull(all.get(random.nextInt(all.size())).get(column))
                : words.get(random.nextInt(words.size()));
        boolean vector = operator.endsWith("in");
        specs.add(
            new Spec(column, operator, vector ? null : value, vector ? List.of(value) : null));
        model.add(row -> naive(Objects.requireNonNull(row.get(column)), operator, value));
      }
      List<Long> expected =
          all.stream()
              .filter(row -> model.stream().allMatch(condition -> condition.test(row)))
              .map(row -> (Long) Objects.requireNonNull(row.get("JobID")))
              .toList();
      assertThat(ids(ALICE, specs.toArray(Spec[]::new))).as("%s", specs).isEqualTo(expected);
    }
  }

  private static boolean naive(Object cell, String operator, Object value) {
    int order =
        cell instanceof Long number
            ? Long.compare(number, (Long) value)
            : Integer.signum(cell.toString().compareTo(value.toString()));
    Pattern like =
        Pattern.compile(
            value.toString().replace(".", "\\.").replace("%", ".*").replace("_", "."),
            Pattern.DOTALL);
    return switch (operator) {
      case "eq", "in" -> order == 0;
      case "neq", "not in" -> order != 0;
      case "gt" -> order > 0;
      case "lt" -> order < 0;
      case "like" -> like.matcher(cell.toString()).matches();
      case "not like" -> !like.matcher(cell.toString()).matches();
      case "regex" -> Pattern.compile(value.toString()).matcher(cell.toString()).find();
      default -> throw new IllegalStateException(operator);
    };
  }

  /** Whatever happens to the rows, the counters say what a count of the rows says. */
  @RepeatedTest(3)
  void tallyEqualsACountOfTheRowsAfterRandomChanges(RepetitionInfo repetition) {
    Random random = new Random(100 + repetition.getCurrentRepetition());
    FoldTally fold = ROOM.get(FoldTally.class);
    List<Long> jobs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> jobs.add(ROOM.waitingJob("o" + random.nextInt(3), 1, 1));
        case 2 ->
            ROOM.jdbc()
                .sql("UPDATE jobs.job SET status = :status, site = :site WHERE job_id % 3 = :third")
                .param("status", List.of("Waiting", "Running", "Done").get(random.nextInt(3)))
                .param("site", "site" + random.nextInt(2))
                .param("third", random.nextInt(3))
                .update();
        case 3 -> ROOM.jdbc().sql("UPDATE jobs.job SET heart_beat_time = now()").update();
        case 4 -> {
          if (!jobs.isEmpty()) {
            ROOM.jdbc()
                .sql("DELETE FROM jobs.job WHERE job_id = :id")
                .param("id", jobs.remove(random.nextInt(jobs.size())))
                .update();
          }
        }
        default -> fold.run("");
      }
      if (i % 20 == 0) {
        assertCountsAgree();
      }
    }
    fold.run("");
    assertCountsAgree();
    ROOM.jdbc().sql("DELETE FROM jobs.job").update();
    fold.run("");
    assertThat(ROOM.jdbc().sql("SELECT count(*) FROM jobs.tally").query(Integer.class).single())
        .as("nothing is left behind")
        .isZero();
  }

  private void assertCountsAgree() {
    List<String> grouping = List.of("Owner", "Site", "Status");
    Map<List<Object>, Long> counted = new HashMap<>();
    ROOM.jdbc()
        .sql("SELECT site, owner, status, count(*) FROM jobs.job GROUP BY site, owner, status")
        .query(
            row -> {
              counted.put(
                  List.of(row.getString(1), row.getString(2), row.getString(3)), row.getLong(4));
            });
    Map<List<Object>, Long> told = new HashMap<>();
    for (Map<String, @Nullable Object> group :
        search.summary(ALICE, new SearchRequest.Summary(grouping, List.of()))) {
      Map<String, @Nullable Object> sorted = new TreeMap<>(group);
      told.put(
          List.of(
              Objects.requireNonNull(sorted.get("Site")),
              Objects.requireNonNull(sorted.get("Owner")),
              Objects.requireNonNull(sorted.get("Status"))),
          (Long) Objects.requireNonNull(sorted.get("count")));
    }
    assertThat(told).isEqualTo(counted);
  }
}
