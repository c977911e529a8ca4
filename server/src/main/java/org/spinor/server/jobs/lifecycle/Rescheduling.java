package org.spinor.server.jobs.lifecycle;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.LockedJob;
import org.spinor.server.jobs.rows.Parameters;
import org.spinor.server.jobs.submission.Redrafts;
import org.spinor.server.jobs.submission.Redrafts.Redraft;
import org.springframework.stereotype.Component;

/** Starts jobs anew, from whatever state they are in. */
@Component
final class Rescheduling {
  private static final int DEFAULT_MAX = 3;

  private final Configurations configurations;
  private final Redrafts redrafts;
  private final JobRows rows;
  private final Parameters parameters;
  private final Transactions transactions;

  Rescheduling(
      Configurations configurations,
      Redrafts redrafts,
      JobRows rows,
      Parameters parameters,
      Transactions transactions) {
    this.configurations = configurations;
    this.redrafts = redrafts;
    this.rows = rows;
    this.parameters = parameters;
    this.transactions = transactions;
  }

  /** A job that starts anew, in the words of DiracX. */
  record Rescheduled(
      @JsonProperty("InputData") String jdl,
      @JsonProperty("Site") String site,
      @JsonProperty("UserPriority") int userPriority,
      @JsonProperty("RescheduleTime") @Nullable Instant rescheduleTime,
      @JsonProperty("RescheduleCounter") int rescheduleCounter,
      @JsonProperty("Status") JobStatus status,
      @JsonProperty("MinorStatus") String minorStatus,
      @JsonProperty("ApplicationStatus") String applicationStatus,
      @JsonProperty("HeartBeatTime") @Nullable Instant heartBeatTime,
      @JsonProperty("StartExecTime") @Nullable Instant startExecTime,
      @JsonProperty("EndExecTime") @Nullable Instant endExecTime,
      @JsonProperty("LastUpdateTime") Instant lastUpdateTime) {}

  /** Why a job does not. */
  @Schema(name = "RescheduleFailure")
  record Failure(String detail) {}

  /** What became of each. */
  @Schema(name = "RescheduleResult")
  record Result(Map<Long, Rescheduled> success, Map<Long, Failure> failed) {}

  /**
   * @param reset the count of reschedulings begins at zero
   * @param who for the log
   */
  Result reschedule(List<Long> ids, boolean reset, String who) {
    Redrafts.Result drafts = redrafts.of(ids);
    return transactions.in(
        () -> {
          Result result = new Result(new LinkedHashMap<>(), new LinkedHashMap<>());
          Map<Long, LockedJob> jobs = rows.lock(ids);
          List<LockedJob> begun = new ArrayList<>();
          for (long id : ids) {
            LockedJob job = jobs.get(id);
            Optional<String> refusal = refusal(job, reset, drafts, id);
            Redraft draft = drafts.good().get(id);
            if (refusal.isPresent() || job == null || draft == null) {
              result.failed().put(id, new Failure(refusal.orElse("Not found")));
              if (job != null && refusal.isPresent() && exhausted(job, reset)) {
                fail(job, who);
              }
              continue;
            }
            begin(job, reset ? 1 : job.rescheduleCounter() + 1, draft, who);
            begun.add(job);
            result.success().put(id, answer(job, draft));
          }
          parameters.toAttic(begun);
          rows.save(jobs.values());
          return result;
        });
  }

  private Optional<String> refusal(
      @Nullable LockedJob job, boolean reset, Redrafts.Result drafts, long id) {
    if (job == null) {
      return Optional.of("Not found");
    }
    if (!job.verified()) {
      return Optional.of(
          "VerifiedFlag is False: Status %s, Minor Status: %s"
              .formatted(job.status(), job.state().minorStatus()));
    }
    if (job.status() == JobStatus.Deleted) {
      return Optional.of("the job is deleted");
    }
    if (exhausted(job, reset)) {
      return Optional.of("Maximum number of reschedules exceeded (" + most(job) + ")");
    }
    return Optional.ofNullable(drafts.problems().get(id))
        .or(() -> drafts.good().containsKey(id) ? Optional.empty() : Optional.of("no description"));
  }

  private boolean exhausted(LockedJob job, boolean reset) {
    return !reset && job.verified() && job.rescheduleCounter() + 1 > most(job);
  }

  private int most(LockedJob job) {
    Configuration.Operations operations =
        configurations.current().operations().get(job.identity().vo());
    return operations == null ? DEFAULT_MAX : operations.jobScheduling().maxRescheduling();
  }

  /** A job that may not run again has failed, unless it ended well or was ended on purpose. */
  private static void fail(LockedJob job, String who) {
    if (!job.status().isFinal() || job.status() == JobStatus.Failed) {
      job.endAttempt(JobEvents.Outcome.RESCHEDULED, MinorStatus.MAX_RESCHEDULING);
      job.move(
          JobStatus.Failed, MinorStatus.MAX_RESCHEDULING, job.state().applicationStatus(), who);
    }
  }

  private static void begin(LockedJob job, int counter, Redraft draft, String who) {
    job.endAttempt(JobEvents.Outcome.RESCHEDULED, "rescheduled by " + who);
    job.move(JobStatus.Rescheduled, MinorStatus.RESCHEDULED, "Unknown", who);
    job.move(JobStatus.Received, MinorStatus.RESCHEDULED, "Unknown", who);
    job.reschedule(counter, draft.classNumber(), draft.priority());
    if (draft.inputData()) {
      job.move(
          JobStatus.Failed,
          MinorStatus.NO_INPUT_DATA,
          "this installation has no file catalogue: jobs with InputData cannot run",
          who);
    } else {
      job.move(JobStatus.Waiting, MinorStatus.PILOT_AGENT_SUBMISSION, "Unknown", who);
    }
  }

  /** As DiracX answers; the job goes on to Waiting by itself all the same. */
  private static Rescheduled answer(LockedJob job, Redraft draft) {
    return new Rescheduled(
        draft.jdl(),
        job.site(),
        job.priority(),
        job.rescheduleTime(),
        job.rescheduleCounter(),
        JobStatus.Received,
        MinorStatus.RESCHEDULED,
        "Unknown",
        job.state().heartBeatTime(),
        job.state().startExecTime(),
        job.state().endExecTime(),
        job.now());
  }
}
