package org.spinor.server.jobs.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Conditions;
import org.spinor.server.database.SearchPage;
import org.spinor.server.database.SearchRequest;
import org.spinor.server.database.SearchRequest.Spec;
import org.spinor.server.database.SearchTable;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.rows.LogReader;
import org.spinor.server.jobs.rows.Reach;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Searches and summaries of jobs, each within what the caller may see. */
@Component
public final class JobSearch {
  private static final SearchTable JOBS = new SearchTable("jobs.job", JobColumns.ALL);
  private static final SearchTable TALLY = new SearchTable("jobs.tally", Tally.COLUMNS);
  private static final String PILOT_STAMP = "PilotStamp";
  private static final String LOGGING_INFO = "LoggingInfo";
  private static final String JOB_ID = "JobID";
  private static final String TIME_LIMIT = "30s";

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final Configurations configurations;
  private final Reach reach;
  private final Tally tally;
  private final LogReader log;

  JobSearch(
      JdbcClient jdbc,
      Transactions transactions,
      Configurations configurations,
      Reach reach,
      Tally tally,
      LogReader log) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.configurations = configurations;
    this.reach = reach;
    this.tally = tally;
    this.log = log;
  }

  /** One page. */
  SearchPage search(Caller caller, SearchRequest request, int page, int perPage) {
    boolean withLog = request.parameters().contains(LOGGING_INFO);
    SearchRequest rows = withLog ? withoutLog(request) : request;
    Conditions conditions = visible(caller, JOBS, request.search());
    Optional<LongSupplier> total = Optional.empty();
    if (!request.distinct() && Tally.covers(request.search())) {
      long counted = tally.total(visible(caller, TALLY, request.search()));
      if (counted == 0) {
        // Nothing takes longer to find than what is not there.
        conditions.and("false");
      }
      total = Optional.of(() -> counted);
    }
    Optional<LongSupplier> known = total;
    SearchPage found = guarded(() -> JOBS.search(jdbc, rows, conditions, page, perPage, known));
    found.rows().forEach(JobSearch::asOnTheWire);
    if (withLog) {
      addLog(found.rows());
    }
    return found;
  }

  /** How many jobs there are of each combination of values. */
  List<Map<String, @Nullable Object>> summary(Caller caller, SearchRequest.Summary request) {
    if (Tally.covers(request.search()) && Tally.coversGroups(request.grouping())) {
      return tally.summary(request.grouping(), visible(caller, TALLY, request.search()));
    }
    List<Map<String, @Nullable Object>> groups =
        guarded(() -> JOBS.summary(jdbc, request, visible(caller, JOBS, request.search())));
    groups.forEach(JobSearch::asOnTheWire);
    return groups;
  }

  /** The conditions of a search for jobs that the caller may change. */
  public Conditions changeable(Caller caller, List<Spec> search) {
    Conditions conditions = conditions(JOBS, search);
    narrow(conditions, caller, caller.reach());
    return conditions;
  }

  private Conditions visible(Caller caller, SearchTable table, List<Spec> search) {
    Conditions conditions = conditions(table, search);
    narrow(conditions, caller, globalJobsInfo(caller));
    return conditions;
  }

  /** Where the VO says so, its members see each other's jobs; nobody sees another VO's. */
  private Caller.Reach globalJobsInfo(Caller caller) {
    Configuration.Operations operations = configurations.current().operations().get(caller.vo());
    boolean global = operations != null && operations.globalJobsInfo();
    return caller.reach() == Caller.Reach.OWN && global && caller.attempt().isEmpty()
        ? Caller.Reach.VO
        : caller.reach();
  }

  private void narrow(Conditions conditions, Caller caller, Caller.Reach how) {
    switch (how) {
      case ALL -> {}
      case VO -> conditions.and("vo = ?", caller.vo());
      case OWN -> {
        conditions.and("vo = ?", caller.vo());
        if (reach.shared(caller.vo(), caller.group())) {
          conditions.and("(owner = ? OR owner_group = ?)", caller.username(), caller.group());
        } else {
          conditions.and("owner = ?", caller.username());
        }
      }
    }
  }

  private static Conditions conditions(SearchTable table, List<Spec> search) {
    List<Spec> pilots =
        search.stream().filter(spec -> spec.parameter().equals(PILOT_STAMP)).toList();
    if (pilots.isEmpty()) {
      return table.conditions(search);
    }
    if (search.stream().anyMatch(spec -> spec.parameter().equals(JOB_ID))) {
      throw invalid("Cannot filter by PilotStamp and JobID at the same time");
    }
    List<Spec> rest = new ArrayList<>(search);
    rest.removeAll(pilots);
    Conditions conditions = table.conditions(rest);
    for (Spec pilot : pilots) {
      if (!Set.of("eq", "in").contains(pilot.operator())) {
        throw invalid("PilotStamp can be compared with eq and in only");
      }
      conditions.and(
          "job_id IN (SELECT a.job_id FROM jobs.attempt a WHERE a.pilot_stamp = ANY(?))",
          pilot.operands().stream().map(Object::toString).toArray(String[]::new));
    }
    return conditions;
  }

  private static SearchRequest withoutLog(SearchRequest request) {
    List<String> columns = new ArrayList<>(request.parameters());
    columns.remove(LOGGING_INFO);
    if (!columns.isEmpty() && !columns.contains(JOB_ID)) {
      columns.add(JOB_ID);
    }
    return new SearchRequest(columns, request.search(), request.sort(), request.distinct());
  }

  private void addLog(List<Map<String, @Nullable Object>> rows) {
    Map<Long, List<LogReader.Entry>> logs = log.of(rows.stream().map(JobSearch::jobId).toList());
    for (Map<String, @Nullable Object> row : rows) {
      row.put(
          LOGGING_INFO,
          logs.getOrDefault(jobId(row), List.of()).stream()
              .map(LogReader.Entry::withoutAttempt)
              .toList());
    }
  }

  private static Long jobId(Map<String, @Nullable Object> row) {
    return (Long) Objects.requireNonNull(row.get(JOB_ID));
  }

  /** AccountedFlag is a boolean or the word Failed. */
  private static void asOnTheWire(Map<String, @Nullable Object> row) {
    row.computeIfPresent(
        "AccountedFlag",
        (name, value) ->
            switch (value.toString()) {
              case "True" -> true;
              case "False" -> false;
              default -> value;
            });
  }

  /**
   * Each search is planned for its own values: half of the indexes hold some statuses only, and a
   * plan for any value could not use them. A search gets some time, and no more.
   */
  private <T> T guarded(Supplier<T> query) {
    try {
      return transactions.in(
          () -> {
            jdbc.sql(
                    """
                    SELECT set_config('statement_timeout', :limit, true), set_config('plan_cache_mode', 'force_custom_plan', true)
                    """)
                .param("limit", TIME_LIMIT)
                .query((row, n) -> row.getString(1))
                .single();
            return query.get();
          });
    } catch (QueryTimeoutException e) {
      throw invalid("the search took longer than " + TIME_LIMIT + ": narrow it");
    }
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }
}
