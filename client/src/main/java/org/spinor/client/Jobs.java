package org.spinor.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spinor.api.Explanation;
import org.spinor.api.InsertedJob;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobId;
import org.spinor.api.JobStatusUpdate;
import tools.jackson.databind.JsonNode;

/** The calls about jobs. Each throws what {@link Transport} throws. */
public final class Jobs {
  /** The most rows that the server gives in one page. */
  public static final int MAX_PAGE = 10_000;

  private final Transport transport;

  Jobs(Transport transport) {
    this.transport = transport;
  }

  /**
   * Submits jobs in one call: all of them or, if anything is wrong with any, none.
   *
   * @param jdls one description each; a single one may be parametric
   */
  public List<InsertedJob> submit(List<String> jdls) {
    return List.of(
        Json.read(transport.json("POST", "/api/jobs/jdl", jdls).body(), InsertedJob[].class));
  }

  /**
   * @param page from 1
   * @param perPage at most {@link #MAX_PAGE}
   */
  public Page search(Search search, int page, int perPage) {
    String path = "/api/jobs/search?page=" + page + "&per_page=" + perPage;
    return Page.of(transport.json("POST", path, search.wire()));
  }

  /** Everything that the search finds, page after page. The search should name a sort order. */
  public void each(Search search, Consumer<JsonNode> action) {
    for (int page = 1; ; page++) {
      Page found = search(search, page, MAX_PAGE);
      found.rows().forEach(action);
      if ((long) page * MAX_PAGE >= found.total() || found.rows().isEmpty()) {
        return;
      }
    }
  }

  /** How many jobs there are of each combination of values in the columns. */
  public List<JsonNode> summary(List<String> grouping, List<Condition> conditions) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("grouping", grouping);
    body.put("search", conditions.stream().map(Condition::wire).toList());
    return Json.tree(transport.json("POST", "/api/jobs/summary", body).body())
        .valueStream()
        .toList();
  }

  /**
   * Reports statuses, as a wrapper or an administrator does.
   *
   * @param updates for each job the reports by their time (UTC, ISO 8601)
   * @param force whether the state machine is to be passed over; for administrators
   */
  public Outcome setStatus(Map<JobId, Map<String, JobStatusUpdate>> updates, boolean force) {
    Map<String, Object> body = new LinkedHashMap<>();
    updates.forEach((id, reports) -> body.put(id.toString(), reports));
    return Json.read(
        transport.json("PATCH", "/api/jobs/status?force=" + force, body).body(), Outcome.class);
  }

  public Changed kill(JobSet jobs) {
    return change("/api/jobs/kill", jobs);
  }

  public Changed delete(JobSet jobs) {
    return change("/api/jobs/delete", jobs);
  }

  /**
   * @param reset whether the count of reschedulings begins anew
   * @return for each job what became of it
   */
  public Outcome reschedule(JobSet jobs, boolean reset) {
    String path = "/api/jobs/reschedule?reset_jobs=" + reset;
    return Json.read(transport.json("POST", path, jobs.wire()).body(), Outcome.class);
  }

  private Changed change(String path, JobSet jobs) {
    return Json.read(transport.json("POST", path, jobs.wire()).body(), Changed.class);
  }

  /** The job's description: as submitted, or as the server completed it. */
  public String jdl(JobId id, boolean original) {
    return get(id, "/jdl?original=" + original).path("JDL").asString("");
  }

  /** What the pilot and the wrapper found out about node and payload. */
  public Map<String, String> parameters(JobId id) {
    Map<String, String> parameters = new LinkedHashMap<>();
    get(id, "/parameters")
        .properties()
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asString("")));
    return parameters;
  }

  public List<JobAttempt> attempts(JobId id) {
    return List.of(
        Json.read(transport.json("GET", path(id) + "/attempts", null).body(), JobAttempt[].class));
  }

  /** What happened to the job, oldest first. */
  public List<LogRecord> logging(JobId id) {
    return List.of(
        Json.read(transport.json("GET", path(id) + "/logging", null).body(), LogRecord[].class));
  }

  /** The latest standard output of a running job; asks its wrapper for a fresher one. */
  public Peek peek(JobId id) {
    return Json.read(transport.json("GET", path(id) + "/peek", null).body(), Peek.class);
  }

  /** Why the job waits, or why it does not. */
  public Explanation explain(JobId id) {
    return Json.read(transport.json("GET", path(id) + "/explain", null).body(), Explanation.class);
  }

  /** All columns of one job; empty where there is none with this number. */
  public List<JsonNode> row(JobId id) {
    return search(Search.of(Condition.jobs(List.of(id))), 1, 1).rows();
  }

  private JsonNode get(JobId id, String rest) {
    return Json.tree(transport.json("GET", path(id) + rest, null).body());
  }

  private static String path(JobId id) {
    return "/api/jobs/" + id;
  }

  /**
   * What an operation on many jobs did.
   *
   * @param changed jobs that are now in the state asked for
   * @param unchanged jobs that were in it already, or cannot get there
   */
  public record Changed(long changed, long unchanged) {}

  /**
   * What an operation did to each job.
   *
   * @param success jobs by number with what was written of each
   * @param failed jobs by number with {@code detail}, the reason
   */
  public record Outcome(Map<String, JsonNode> success, Map<String, JsonNode> failed) {
    /** The failures as lines of text. */
    public List<String> problems() {
      List<String> problems = new ArrayList<>();
      failed.forEach(
          (id, why) -> problems.add("job " + id + ": " + why.path("detail").asString("refused")));
      return problems;
    }
  }

  /** One record of a job's history. */
  public record LogRecord(
      @JsonProperty("Status") String status,
      @JsonProperty("MinorStatus") String minorStatus,
      @JsonProperty("ApplicationStatus") String applicationStatus,
      @JsonProperty("StatusTime") String time,
      @JsonProperty("Source") String source,
      @JsonProperty("Attempt") @Nullable Integer attempt) {}

  /**
   * The latest output of a running job.
   *
   * @param time when it was taken; null where nothing came yet
   */
  public record Peek(
      @JsonProperty("StandardOutput") @Nullable String standardOutput,
      @JsonProperty("Time") @Nullable String time) {}
}
