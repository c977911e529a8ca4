package org.spinor.server.jobs.status;

import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobStatus;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.JobState;
import org.spinor.server.jobs.rows.LockedJob;
import org.spinor.server.jobs.rows.Parameters;
import org.spinor.server.jobs.rows.Reach;
import org.spinor.server.jobs.rows.SqlArrays;
import org.spinor.server.jobs.rows.Transitions;
import org.spinor.server.web.WireJson;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sets columns and free parameters of jobs; what comes at the same time shares a transaction. */
@Component
final class Metadata {
  private static final int LANES = 2;
  private static final int MAX_BATCH = 200;
  private static final int MAX_VALUE = 100_000;

  private final Transactions transactions;
  private final JdbcClient jdbc;
  private final JobRows rows;
  private final Reach reach;
  private final Parameters parameters;
  private final Batcher<Request, Optional<SpinorException>> batches;

  Metadata(
      Transactions transactions,
      JdbcClient jdbc,
      JobRows rows,
      Reach reach,
      Parameters parameters) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.rows = rows;
    this.reach = reach;
    this.parameters = parameters;
    this.batches = new Batcher<>("job-metadata", LANES, MAX_BATCH, this::write);
  }

  @PreDestroy
  void stop() {
    batches.close();
  }

  private record Values(Map<MetadataColumn, String> columns, Map<String, Object> parameters) {}

  private record Request(Caller caller, Map<Long, Values> values) {}

  /**
   * @throws SpinorException FORBIDDEN, NOT_FOUND, UNPROCESSABLE, STALE_ATTEMPT: nothing was written
   */
  void patch(Caller caller, Map<Long, Map<String, @Nullable Object>> body) {
    Map<Long, Values> values = new LinkedHashMap<>();
    for (Map.Entry<Long, Map<String, @Nullable Object>> entry : body.entrySet()) {
      values.put(entry.getKey(), values(caller, entry.getValue()));
    }
    batches
        .submit(new Request(caller, values))
        .ifPresent(
            refusal -> {
              throw refusal;
            });
  }

  private static Values values(Caller caller, Map<String, @Nullable Object> given) {
    Map<MetadataColumn, String> columns = new EnumMap<>(MetadataColumn.class);
    Map<String, Object> free = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          if (value == null) {
            return;
          }
          Optional<MetadataColumn> column = MetadataColumn.named(name);
          if (column.isPresent()) {
            requireMay(caller, column.get());
            columns.put(column.get(), column.get().read(value));
          }
          // The type of a job is a column and a parameter in DIRAC.
          if (column.isEmpty() || column.get() == MetadataColumn.JobType) {
            free.put(storable(name), parameter(value));
          }
        });
    return new Values(columns, free);
  }

  private static void requireMay(Caller caller, MetadataColumn column) {
    boolean payload = caller.attempt().isPresent();
    boolean administrator = !payload && caller.reach() != Caller.Reach.OWN;
    boolean may =
        switch (column.who()) {
          case ALL -> true;
          case NOT_PAYLOADS -> !payload;
          case ADMINISTRATORS -> administrator;
          case NOBODY -> false;
        };
    if (!may) {
      throw new SpinorException(
          ErrorCode.FORBIDDEN, "Forbidden: " + column + " of a job is not yours to set");
    }
  }

  private static Object parameter(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Number number -> number;
      case String text -> storable(text);
      case Map<?, ?> tree -> storable(WireJson.mapper().writeValueAsString(tree));
      case Collection<?> list -> storable(WireJson.mapper().writeValueAsString(list));
      default -> storable(value.toString());
    };
  }

  private static String storable(String text) {
    String cut = text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE);
    return cut.replace('\0', '\uFFFD');
  }

  private List<Optional<SpinorException>> write(List<Request> requests) {
    TreeSet<Long> ids = new TreeSet<>();
    requests.forEach(request -> ids.addAll(request.values().keySet()));
    return transactions.in(
        () -> {
          Map<Long, LockedJob> jobs = rows.lock(ids);
          List<Optional<SpinorException>> refusals = new ArrayList<>();
          TreeMap<Long, Map<MetadataColumn, String>> columns = new TreeMap<>();
          TreeMap<Long, Map<String, Object>> free = new TreeMap<>();
          for (Request request : requests) {
            Optional<SpinorException> refusal = refusal(request, jobs);
            refusals.add(refusal);
            if (refusal.isEmpty()) {
              request
                  .values()
                  .forEach(
                      (id, values) -> {
                        columns
                            .computeIfAbsent(id, job -> new EnumMap<>(MetadataColumn.class))
                            .putAll(values.columns());
                        free.computeIfAbsent(id, job -> new LinkedHashMap<>())
                            .putAll(values.parameters());
                      });
            }
          }
          columns.forEach((id, values) -> change(jobs, id, values));
          rows.save(jobs.values());
          for (MetadataColumn column : MetadataColumn.values()) {
            set(column, columns);
          }
          parameters.add(free);
          return refusals;
        });
  }

  private Optional<SpinorException> refusal(Request request, Map<Long, LockedJob> jobs) {
    Optional<SpinorException> refused =
        StatusReports.refusal(reach, request.caller(), request.values().keySet(), jobs);
    if (refused.isPresent()) {
      return refused;
    }
    List<Long> unknown =
        request.values().keySet().stream().filter(id -> !jobs.containsKey(id)).toList();
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(new SpinorException(ErrorCode.NOT_FOUND, "no such jobs: " + unknown));
  }

  /** What others must hear of: the line, the attempt. The rest is only written. */
  private static void change(
      Map<Long, LockedJob> jobs, long id, Map<MetadataColumn, String> values) {
    LockedJob job = jobs.get(id);
    if (job == null) {
      return;
    }
    String priority = values.remove(MetadataColumn.UserPriority);
    if (priority != null) {
      job.prioritise(Integer.parseInt(priority));
    }
    String status = values.remove(MetadataColumn.Status);
    if (status != null) {
      JobState state = job.state();
      job.become(
          state.with(JobStatus.valueOf(status), state.minorStatus(), state.applicationStatus()),
          job.statusTime(),
          List.of());
      Transitions.byOthers(job, state.status(), "status set as metadata");
    }
  }

  private record Cell(long jobId, String value) {}

  private void set(MetadataColumn column, Map<Long, Map<MetadataColumn, String>> columns) {
    List<Cell> cells = new ArrayList<>();
    columns.forEach(
        (id, values) -> {
          String value = values.get(column);
          if (value != null) {
            cells.add(new Cell(id, value));
          }
        });
    if (cells.isEmpty()) {
      return;
    }
    jdbc.sql(
            "UPDATE jobs.job j SET %1$s = c.value FROM unnest(:ids::bigint[], :values::%2$s[]) AS c(job_id, value) WHERE j.job_id = c.job_id"
                .formatted(column.sql(), column.type()))
        .param("ids", SqlArrays.numbers(cells, Cell::jobId))
        .param("values", SqlArrays.texts(cells, Cell::value))
        .update();
  }
}
