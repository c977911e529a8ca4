package org.spinor.server.jobs.facade;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobStatus;
import org.spinor.server.jobs.Jobs;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads what is kept of single jobs. */
@Component
final class JobReader {
  private static final int MAX_HEARTBEATS = 1000;
  private static final List<String> FIGURES =
      List.of(
          "LoadAverage",
          "MemoryUsed",
          "Vsize",
          "AvailableDiskSpace",
          "CPUConsumed",
          "WallClockTime");

  private final JdbcClient jdbc;

  JobReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** One figure of a heartbeat. */
  record Figure(
      @JsonProperty("Time") Instant time,
      @JsonProperty("Name") String name,
      @JsonProperty("Value") double value) {}

  /** The latest output of a job; nulls: none came yet. */
  record Peek(
      @JsonProperty("JobID") long jobId,
      @JsonProperty("StandardOutput") @Nullable String standardOutput,
      @JsonProperty("Time") @Nullable Instant time) {}

  Optional<Jobs.Summary> find(long jobId) {
    return jdbc.sql(
            """
            SELECT vo, owner, owner_group, status, minor_status, application_status, status_time, attempt, class_number,
              user_priority, job_type, job_group, site
            FROM jobs.job WHERE job_id = :id
            """)
        .param("id", jobId)
        .query((row, n) -> summary(jobId, row))
        .optional();
  }

  private static Jobs.Summary summary(long jobId, ResultSet row) throws SQLException {
    return new Jobs.Summary(
        jobId,
        row.getString("vo"),
        row.getString("owner"),
        row.getString("owner_group"),
        JobStatus.valueOf(row.getString("status")),
        row.getString("minor_status"),
        row.getString("application_status"),
        row.getObject("status_time", OffsetDateTime.class).toInstant(),
        row.getInt("attempt"),
        row.getInt("class_number"),
        row.getInt("user_priority"),
        row.getString("job_type"),
        row.getString("job_group"),
        row.getString("site"));
  }

  List<JobAttempt> attempts(long jobId) {
    return jdbc.sql(
            """
            SELECT attempt, pilot_stamp, site, ce, started, ended, outcome, reason
            FROM jobs.attempt WHERE job_id = :id ORDER BY attempt
            """)
        .param("id", jobId)
        .query(
            (row, n) ->
                new JobAttempt(
                    row.getInt("attempt"),
                    row.getString("pilot_stamp"),
                    row.getString("site"),
                    row.getString("ce"),
                    row.getObject("started", OffsetDateTime.class).toInstant(),
                    time(row, "ended"),
                    lowerCase(row.getString("outcome")),
                    row.getString("reason")))
        .list();
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static @Nullable String lowerCase(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  /** The heartbeats' figures, newest first. */
  List<Figure> heartbeats(long jobId) {
    List<Figure> figures = new ArrayList<>();
    jdbc.sql(
            """
            SELECT logged, load_average, memory_used, vsize, available_disk_space, cpu_consumed, wall_clock_time
            FROM jobs.heartbeat WHERE job_id = :id ORDER BY logged DESC LIMIT :limit
            """)
        .param("id", jobId)
        .param("limit", MAX_HEARTBEATS)
        .query(
            row -> {
              Instant time = row.getObject("logged", OffsetDateTime.class).toInstant();
              for (int i = 0; i < FIGURES.size(); i++) {
                double value = row.getDouble(i + 2);
                if (!row.wasNull() && figures.size() < MAX_HEARTBEATS) {
                  figures.add(new Figure(time, FIGURES.get(i), value));
                }
              }
            });
    figures.sort(Comparator.comparing(Figure::time).reversed());
    return figures;
  }

  Peek peek(long jobId) {
    return jdbc.sql("SELECT standard_output, logged FROM jobs.peek WHERE job_id = :id")
        .param("id", jobId)
        .query((row, n) -> new Peek(jobId, row.getString(1), time(row, "logged")))
        .optional()
        .orElseGet(() -> new Peek(jobId, null, null));
  }
}
