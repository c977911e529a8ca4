package org.spinor.pilot.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;
import org.spinor.api.ErrorCode;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobCommand;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.api.JobStatusUpdate;
import org.spinor.api.SpinorException;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** Jobs, their attempts, and what was reported of them. */
public final class FakeJobs {

  /** A report as it came. */
  public record Reported(Instant time, JobStatusUpdate update) {
    /** {@code Status/MinorStatus/ApplicationStatus}, the last only where there is one. */
    public String text() {
      String application = update.applicationStatus();
      return update.status()
          + "/"
          + update.minorStatus()
          + (application == null ? "" : "/" + application);
    }
  }

  private final Map<JobId, List<Reported>> reports = new HashMap<>();
  private final Map<JobId, Map<String, Object>> parameters = new HashMap<>();
  private final Map<JobId, List<HeartbeatData>> heartbeats = new HashMap<>();
  private final Map<JobId, List<JobCommand>> commands = new HashMap<>();
  private final Map<AttemptId, String> requeued = new LinkedHashMap<>();
  private final Map<JobId, String> outputs = new HashMap<>();
  private final Set<AttemptId> stale = new HashSet<>();
  private int largestBulk;
  private long next;

  /** A job with its first attempt, not in any queue. */
  public synchronized Assignment assignment(String jdl) {
    return assignment(jdl, 1, 0, 0);
  }

  public synchronized Assignment assignment(
      String jdl, int cores, long memoryMb, long wallSeconds) {
    JobId id = new JobId(++next);
    String token = "payload-" + id + ".1";
    return new Assignment(
        id, 1, "vo", "user", "vo_user", jdl, token, cores, memoryMb, 0, wallSeconds, 1);
  }

  /** From now on every write of this attempt is refused. */
  public synchronized void end(AttemptId attempt) {
    stale.add(attempt);
  }

  /** Hands a command over with the next heartbeat. */
  public synchronized void command(JobId id, String command) {
    commands.computeIfAbsent(id, _ -> new ArrayList<>()).add(new JobCommand(id, command, ""));
  }

  synchronized List<JobCommand> takeCommands(JobId id) {
    List<JobCommand> taken = commands.remove(id);
    return taken == null ? List.of() : taken;
  }

  public synchronized List<Reported> reports(JobId id) {
    return List.copyOf(reports.getOrDefault(id, List.of()));
  }

  /** The reports in the order of their times, as text. */
  public synchronized List<String> history(JobId id) {
    return reports(id).stream().map(Reported::text).toList();
  }

  public synchronized boolean isFinal(JobId id) {
    return requeued.keySet().stream().anyMatch(attempt -> attempt.jobId().equals(id))
        || reports(id).stream()
            .anyMatch(
                report -> {
                  JobStatus status = report.update().status();
                  return status != null && status.isFinal();
                });
  }

  public synchronized Map<String, Object> parameters(JobId id) {
    return Map.copyOf(parameters.getOrDefault(id, Map.of()));
  }

  public synchronized List<HeartbeatData> heartbeats(JobId id) {
    return List.copyOf(heartbeats.getOrDefault(id, List.of()));
  }

  public synchronized Map<AttemptId, String> requeued() {
    return Map.copyOf(requeued);
  }

  /** The sandbox assigned as the job's output; empty: none. */
  public synchronized String output(JobId id) {
    return outputs.getOrDefault(id, "");
  }

  /** Most statuses that came in one request. */
  public synchronized int largestBulk() {
    return largestBulk;
  }

  synchronized Answer answer(Request request, FakeSandboxes sandboxes) {
    AttemptId attempt = attemptOf(request.token());
    if (stale.contains(attempt)) {
      throw new SpinorException(ErrorCode.STALE_ATTEMPT, "attempt " + attempt + " has ended");
    }
    JobId id = attempt.jobId();
    String route = request.method() + " " + request.path();
    if (route.equals("PATCH /api/jobs/status")) {
      return status(id, request.tree().required(id.toString()));
    }
    if (route.equals("PATCH /api/jobs/heartbeat")) {
      JsonNode data = request.tree().required(id.toString());
      heartbeats
          .computeIfAbsent(id, _ -> new ArrayList<>())
          .add(Json.mapper().treeToValue(data, HeartbeatData.class));
      return Answer.json(takeCommands(id));
    }
    if (route.equals("PATCH /api/jobs/metadata")) {
      Map<String, Object> values = parameters.computeIfAbsent(id, _ -> new LinkedHashMap<>());
      request
          .tree()
          .required(id.toString())
          .properties()
          .forEach(entry -> values.put(entry.getKey(), entry.getValue().asString()));
      return Answer.nothing();
    }
    if (route.equals("POST /api/jobs/" + id + "/attempts/" + attempt.attempt() + "/requeue")) {
      requeued.put(attempt, request.tree().required("reason").asString());
      stale.add(attempt);
      return Answer.nothing();
    }
    if (route.equals("PATCH /api/jobs/" + id + "/sandbox/output")) {
      return assign(id, Json.read(request.text(), String.class), sandboxes);
    }
    throw new SpinorException(ErrorCode.NOT_FOUND, "no route " + route);
  }

  private Answer status(JobId id, JsonNode updates) {
    List<Reported> all = reports.computeIfAbsent(id, _ -> new ArrayList<>());
    int count = 0;
    for (Map.Entry<String, JsonNode> entry : updates.properties()) {
      if (!entry.getKey().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z")) {
        throw new SpinorException(ErrorCode.UNPROCESSABLE, "not a time: " + entry.getKey());
      }
      Reported report =
          new Reported(
              Instant.parse(entry.getKey()),
              Json.mapper().treeToValue(entry.getValue(), JobStatusUpdate.class));
      count++;
      if (all.stream().noneMatch(known -> known.time().equals(report.time()))) {
        all.add(report);
      }
    }
    largestBulk = Math.max(largestBulk, count);
    return Answer.json(Map.of("success", Map.of(id.toString(), Map.of()), "failed", Map.of()));
  }

  private Answer assign(JobId id, String pfn, FakeSandboxes sandboxes) {
    if (!sandboxes.has(pfn)) {
      throw new SpinorException(ErrorCode.INVALID_REQUEST, "Sandbox not found");
    }
    if (outputs.putIfAbsent(id, pfn) != null) {
      throw new SpinorException(ErrorCode.INVALID_REQUEST, "Sandbox already assigned");
    }
    return Answer.json("");
  }

  private static AttemptId attemptOf(String token) {
    if (!token.matches("payload-\\d+\\.\\d+")) {
      throw new SpinorException(ErrorCode.FORBIDDEN, "not a payload's token");
    }
    String[] parts = token.substring("payload-".length()).split("\\.");
    return new AttemptId(new JobId(Long.parseLong(parts[0])), Integer.parseInt(parts[1]));
  }
}
