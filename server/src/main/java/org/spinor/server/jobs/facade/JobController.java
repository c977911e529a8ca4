package org.spinor.server.jobs.facade;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.spinor.api.AttemptId;
import org.spinor.api.AttemptRequeue;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobId;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.jobs.attempts.Leases;
import org.spinor.server.jobs.rows.Commands;
import org.spinor.server.jobs.rows.LogReader;
import org.spinor.server.jobs.rows.Parameters;
import org.spinor.server.jobs.rows.Reach;
import org.spinor.server.jobs.submission.Descriptions;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Everything about one job. */
@RestController
@RequestMapping("/api/jobs/{jobId}")
@Tag(name = "jobs")
final class JobController {
  private final Jobs jobs;
  private final JobReader reader;
  private final Descriptions descriptions;
  private final Parameters parameters;
  private final LogReader log;
  private final Commands commands;
  private final Leases leases;

  JobController(
      Jobs jobs,
      JobReader reader,
      Descriptions descriptions,
      Parameters parameters,
      LogReader log,
      Commands commands,
      Leases leases) {
    this.jobs = jobs;
    this.reader = reader;
    this.descriptions = descriptions;
    this.parameters = parameters;
    this.log = log;
    this.commands = commands;
    this.leases = leases;
  }

  /** A job's description. */
  record JobJdl(@JsonProperty("JobID") long jobId, @JsonProperty("JDL") String jdl) {}

  /**
   * The job's description: as the wrapper gets it.
   *
   * @param original true: as it was submitted
   */
  @GetMapping("/jdl")
  JobJdl getJobJdl(
      @PathVariable long jobId,
      @RequestParam(defaultValue = "false") boolean original,
      Caller caller) {
    jobs.requireReach(caller, List.of(jobId));
    String text =
        original
            ? descriptions.original(jobId).orElse("")
            : descriptions.texts(List.of(jobId)).getOrDefault(jobId, "");
    return new JobJdl(jobId, text);
  }

  /** Names and values that pilot and wrapper found out. */
  @GetMapping("/parameters")
  Map<String, Object> getJobParameters(@PathVariable long jobId, Caller caller) {
    jobs.requireReach(caller, List.of(jobId));
    return new TreeMap<>(parameters.of(jobId));
  }

  @GetMapping("/attempts")
  List<JobAttempt> getJobAttempts(@PathVariable long jobId, Caller caller) {
    jobs.requireReach(caller, List.of(jobId));
    return reader.attempts(jobId);
  }

  /** What happened to the job, oldest first. */
  @GetMapping("/logging")
  List<LogReader.Entry> getJobLogging(@PathVariable long jobId, Caller caller) {
    jobs.requireReach(caller, List.of(jobId));
    return log.of(List.of(jobId)).getOrDefault(jobId, List.of());
  }

  /** The figures of its heartbeats, newest first, at most 1000. */
  @GetMapping("/heartbeats")
  List<JobReader.Figure> getJobHeartbeats(@PathVariable long jobId, Caller caller) {
    jobs.requireReach(caller, List.of(jobId));
    return reader.heartbeats(jobId);
  }

  /** The latest output that came; also asks the wrapper for a fresher one. */
  @GetMapping("/peek")
  JobReader.Peek peekJob(@PathVariable long jobId, Caller caller) {
    jobs.requireReach(caller, List.of(jobId));
    commands.peek(jobId);
    return reader.peek(jobId);
  }

  /** The wrapper gives its attempt back: the infrastructure failed it. */
  @PostMapping("/attempts/{attempt}/requeue")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void requeueAttempt(
      @PathVariable long jobId,
      @PathVariable int attempt,
      @RequestBody AttemptRequeue body,
      Caller caller) {
    AttemptId named = new AttemptId(new JobId(jobId), attempt);
    if (caller.attempt().filter(named::equals).isEmpty()) {
      throw new SpinorException(
          ErrorCode.FORBIDDEN, "Forbidden: this is not the token of attempt " + named);
    }
    jobs.requireReach(caller, List.of(jobId));
    String reason =
        body.reason().substring(0, Math.min(body.reason().length(), 500)).replace('\0', ' ');
    if (!leases.giveBack(named, reason.isBlank() ? "no reason given" : reason)) {
      throw Reach.stale(named);
    }
  }
}
