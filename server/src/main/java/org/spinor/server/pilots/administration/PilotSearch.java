package org.spinor.server.pilots.administration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Conditions;
import org.spinor.server.database.SearchColumn;
import org.spinor.server.database.SearchColumn.Kind;
import org.spinor.server.database.SearchPage;
import org.spinor.server.database.SearchRequest;
import org.spinor.server.database.SearchTable;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Searches and summaries of pilots with the columns of DiracX, and the node's name at the end. */
@Component
final class PilotSearch {
  private static final int MOST_JOBS = 1000;
  private static final SearchTable PILOTS =
      new SearchTable(
          "pilots.pilot p LEFT JOIN pilots.live l USING (pilot_id)",
          List.of(
              new SearchColumn("PilotID", "p.pilot_id", Kind.INTEGER),
              new SearchColumn("InitialJobID", "p.initial_job_id", Kind.INTEGER),
              new SearchColumn(
                  "CurrentJobID", "coalesce(l.current_job_id, p.current_job_id)", Kind.INTEGER),
              new SearchColumn("PilotJobReference", "p.reference", Kind.TEXT),
              new SearchColumn("PilotStamp", "p.stamp", Kind.TEXT),
              new SearchColumn("DestinationSite", "p.destination_site", Kind.TEXT),
              new SearchColumn("Queue", "p.queue", Kind.TEXT),
              new SearchColumn("GridSite", "p.grid_site", Kind.TEXT),
              new SearchColumn("VO", "p.vo", Kind.TEXT),
              new SearchColumn("GridType", "p.grid_type", Kind.TEXT),
              new SearchColumn("BenchMark", "p.bench_mark", Kind.REAL),
              new SearchColumn("SubmissionTime", "p.submission_time", Kind.TIME),
              new SearchColumn("LastUpdateTime", "p.last_update_time", Kind.TIME),
              new SearchColumn("Status", "p.status", Kind.TEXT),
              new SearchColumn("StatusReason", "p.status_reason", Kind.TEXT),
              new SearchColumn("AccountingSent", "p.accounting_sent", Kind.BOOLEAN),
              new SearchColumn("Host", "p.host", Kind.TEXT)));

  private final JdbcClient jdbc;
  private final Jobs jobs;

  PilotSearch(JdbcClient jdbc, Jobs jobs) {
    this.jdbc = jdbc;
    this.jobs = jobs;
  }

  SearchPage search(Caller caller, SearchRequest request, int page, int perPage) {
    return PILOTS.search(jdbc, request, conditions(caller, request.search()), page, perPage);
  }

  List<Map<String, @Nullable Object>> summary(Caller caller, SearchRequest.Summary request) {
    return PILOTS.summary(jdbc, request, conditions(caller, request.search()));
  }

  private Conditions conditions(Caller caller, List<SearchRequest.Spec> search) {
    List<SearchRequest.Spec> plain = new ArrayList<>();
    List<SearchRequest.Spec> byJob = new ArrayList<>();
    search.forEach(spec -> (spec.parameter().equals("JobID") ? byJob : plain).add(spec));
    Conditions conditions = PILOTS.conditions(plain);
    if (!byJob.isEmpty() && plain.stream().anyMatch(spec -> spec.parameter().equals("PilotID"))) {
      throw invalid("JobID and PilotID cannot be asked for together");
    }
    byJob.forEach(spec -> conditions.and("p.pilot_id = ANY(?)", pilotsOf(spec)));
    if (caller.reach() != Caller.Reach.ALL) {
      conditions.and("p.vo = ?", caller.vo());
    }
    return conditions;
  }

  /** Numbers of the pilots that ran these jobs, or were said to. */
  private long[] pilotsOf(SearchRequest.Spec spec) {
    boolean known = spec.operator().equals("eq") || spec.operator().equals("in");
    if (!known || (spec.operator().equals("in") && spec.values() == null)) {
      throw invalid("JobID is asked for with eq and a value, or in and values");
    }
    List<Object> operands =
        spec.operator().equals("eq") && spec.value() != null
            ? List.of(spec.value())
            : spec.operands();
    if (operands.size() > MOST_JOBS) {
      throw invalid("at most " + MOST_JOBS + " jobs at a time");
    }
    long[] ids = operands.stream().mapToLong(PilotSearch::number).toArray();
    Set<String> stamps = new HashSet<>();
    for (long id : ids) {
      if (id > 0) {
        jobs.attempts(id).forEach(attempt -> stamps.add(attempt.pilotStamp()));
      }
    }
    return jdbc
        .sql(
            """
            SELECT pilot_id FROM pilots.pilot WHERE stamp = ANY(:stamps)
            UNION
            SELECT pilot_id FROM pilots.job_pilot WHERE job_id = ANY(:ids)
            """)
        .param("stamps", stamps.toArray(String[]::new))
        .param("ids", ids)
        .query(Long.class)
        .list()
        .stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static long number(Object value) {
    try {
      return Long.parseLong(value.toString().strip());
    } catch (NumberFormatException e) {
      throw invalid("JobID is a whole number, not '" + value + "'");
    }
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }
}
