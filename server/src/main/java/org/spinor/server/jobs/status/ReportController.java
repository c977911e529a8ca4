package org.spinor.server.jobs.status;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobCommand;
import org.spinor.api.JobStatusUpdate;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.status.StatusReports.Result;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What wrappers, pilots and users report of jobs. */
@RestController
@RequestMapping("/api/jobs")
@Tag(name = "jobs")
final class ReportController {
  private static final int MAX_JOBS = 10_000;

  private final StatusReports statuses;
  private final Heartbeats heartbeats;
  private final Metadata metadata;

  ReportController(StatusReports statuses, Heartbeats heartbeats, Metadata metadata) {
    this.statuses = statuses;
    this.heartbeats = heartbeats;
    this.metadata = metadata;
  }

  /** The body of the answer where no job was written. */
  @Schema(name = "NothingReported")
  record NothingDone(Result detail) {}

  /** Reports by job and time. Answers 404 with the same content where no job was found. */
  @PatchMapping("/status")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Result.class)))
  @ApiResponse(
      responseCode = "404",
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = NothingDone.class)),
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(ref = "#/components/schemas/Problem"))
      })
  ResponseEntity<Object> setJobStatuses(
      @RequestBody Map<Long, Map<String, JobStatusUpdate>> body,
      @RequestParam(defaultValue = "false") boolean force,
      Caller caller) {
    requireSome(body);
    Map<Long, List<Report>> reports = new LinkedHashMap<>();
    body.forEach((id, updates) -> reports.put(id, reports(id, updates)));
    Result result = statuses.report(new StatusReports.Request(caller, reports, force));
    return result.success().isEmpty()
        ? ResponseEntity.status(HttpStatus.NOT_FOUND).body(new NothingDone(result))
        : ResponseEntity.ok(result);
  }

  /** Heartbeats by job; answers the commands that wait for these jobs. */
  @PatchMapping("/heartbeat")
  List<JobCommand> addHeartbeat(@RequestBody Map<Long, HeartbeatData> body, Caller caller) {
    requireSome(body);
    return heartbeats.beat(caller, body);
  }

  /** Columns and free parameters by job; a value that is null is skipped. */
  @PatchMapping("/metadata")
  @Operation(
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content = @Content(schema = @Schema(implementation = MetadataFields.ByJob.class))))
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void patchMetadata(@RequestBody Map<Long, Map<String, @Nullable Object>> body, Caller caller) {
    requireSome(body);
    metadata.patch(caller, body);
  }

  private static void requireSome(Map<Long, ?> body) {
    if (body.isEmpty() || body.size() > MAX_JOBS) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "name 1 to " + MAX_JOBS + " jobs, not " + body.size());
    }
    requireNoNull(body);
  }

  /** Null means something as a value of metadata only, not in place of an object. */
  private static void requireNoNull(Map<?, ?> body) {
    body.forEach(
        (key, value) -> {
          if (value == null) {
            throw new SpinorException(
                ErrorCode.UNPROCESSABLE, key + ": expected an object, got null");
          }
        });
  }

  private static List<Report> reports(Long id, Map<String, JobStatusUpdate> updates) {
    if (updates.isEmpty()) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, "job " + id + ": no report");
    }
    requireNoNull(updates);
    List<Report> reports = new ArrayList<>();
    updates.forEach((time, update) -> reports.add(new Report(utc(time), update)));
    return reports;
  }

  /** Times of reports must say that they are UTC: nobody guesses a zone here. */
  static Instant utc(String text) {
    String iso = text.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) ", "$1T");
    try {
      OffsetDateTime time = OffsetDateTime.parse(iso);
      if (time.getOffset().getTotalSeconds() != 0) {
        throw new SpinorException(
            ErrorCode.INVALID_REQUEST, "Timestamp " + text + " is not in UTC: end it with Z");
      }
      return time.toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw isLocal(iso)
          ? new SpinorException(
              ErrorCode.INVALID_REQUEST, "Timestamp " + text + " has no zone: end it with Z")
          : new SpinorException(
              ErrorCode.UNPROCESSABLE, "'" + text + "' is no time: write 2026-11-21T02:40:49Z");
    }
  }

  private static boolean isLocal(String iso) {
    try {
      LocalDateTime.parse(iso);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
