package org.spinor.server.jobs.rows;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the log of jobs. */
@Component
public final class LogReader {
  private final JdbcClient jdbc;

  LogReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A record as clients see it; what a report did not say is what was said before.
   *
   * @param attempt null: not asked for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      @JsonProperty("Status") String status,
      @JsonProperty("MinorStatus") String minorStatus,
      @JsonProperty("ApplicationStatus") String applicationStatus,
      @JsonProperty("StatusTime") Instant statusTime,
      @JsonProperty("Source") String source,
      @JsonProperty("Attempt") @Nullable Integer attempt) {

    /** As DiracX has it. */
    public Entry withoutAttempt() {
      return new Entry(status, minorStatus, applicationStatus, statusTime, source, null);
    }
  }

  /** The log of each job, oldest first. */
  public Map<Long, List<Entry>> of(Collection<Long> jobIds) {
    Map<Long, List<Entry>> logs = new HashMap<>();
    jdbc.sql(
            """
            SELECT job_id, status, minor_status, application_status, status_time, source, attempt
            FROM jobs.logging WHERE job_id = ANY(:ids) ORDER BY job_id, status_time, seq
            """)
        .param("ids", SqlArrays.ids(jobIds))
        .query(
            row -> {
              List<Entry> log =
                  logs.computeIfAbsent(row.getLong("job_id"), id -> new ArrayList<>());
              log.add(
                  next(
                      log.isEmpty() ? null : log.getLast(),
                      new Said(
                          row.getString("status"),
                          row.getString("minor_status"),
                          row.getString("application_status")),
                      row.getObject("status_time", OffsetDateTime.class).toInstant(),
                      row.getString("source"),
                      row.getInt("attempt")));
            });
    return logs;
  }

  private record Said(
      @Nullable String status, @Nullable String minor, @Nullable String application) {}

  private static Entry next(
      @Nullable Entry before, Said said, Instant time, String source, int attempt) {
    return new Entry(
        said(said.status(), before == null ? "Received" : before.status()),
        said(said.minor(), before == null ? "Unknown" : before.minorStatus()),
        said(said.application(), before == null ? "Unknown" : before.applicationStatus()),
        time,
        source,
        attempt);
  }

  private static String said(@Nullable String now, String before) {
    return Objects.requireNonNullElse(now, before);
  }
}
