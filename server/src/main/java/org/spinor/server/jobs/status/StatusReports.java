package org.spinor.server.jobs.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.api.AttemptId;
import org.spinor.api.JobStatus;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.attempts.LostAttempts;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.JobState;
import org.spinor.server.jobs.rows.Lease;
import org.spinor.server.jobs.rows.LockedJob;
import org.spinor.server.jobs.rows.Reach;
import org.spinor.server.jobs.rows.Transitions;
import org.springframework.stereotype.Component;

/** Takes status reports; those that come at the same time share a transaction. */
@Component
public final class StatusReports {
  private static final int LANES = 2;
  private static final int MAX_BATCH = 200;

  private final Transactions transactions;
  private final JobRows rows;
  private final Reach reach;
  private final LostAttempts lost;
  private final Batcher<Request, Answer> batches;

  StatusReports(Transactions transactions, JobRows rows, Reach reach, LostAttempts lost) {
    this.transactions = transactions;
    this.rows = rows;
    this.reach = reach;
    this.lost = lost;
    this.batches = new Batcher<>("job-status", LANES, MAX_BATCH, this::write);
  }

  @PreDestroy
  void stop() {
    batches.close();
  }

  /**
   * One request.
   *
   * @param force passes over the state machine; not for payloads
   */
  record Request(Caller caller, Map<Long, List<Report>> reports, boolean force) {}

  /** What was written of one job; null where nothing was. */
  public record Written(
      @JsonProperty("Status") @Nullable JobStatus status,
      @JsonProperty("MinorStatus") @Nullable String minorStatus,
      @JsonProperty("ApplicationStatus") @Nullable String applicationStatus,
      @JsonProperty("HeartBeatTime") @Nullable Instant heartBeatTime,
      @JsonProperty("StartExecTime") @Nullable Instant startExecTime,
      @JsonProperty("EndExecTime") @Nullable Instant endExecTime,
      @JsonProperty("LastUpdateTime") @Nullable Instant lastUpdateTime) {}

  /** Why nothing was done to one job. */
  public record Failure(String detail) {}

  /** What became of each job. */
  public record Result(Map<Long, Written> success, Map<Long, Failure> failed) {}

  private sealed interface Answer {
    record Given(Result result) implements Answer {}

    record Refused(SpinorException refusal) implements Answer {}
  }

  /**
   * @throws SpinorException FORBIDDEN, STALE_ATTEMPT: nothing was written
   */
  Result report(Request request) {
    return switch (batches.submit(request)) {
      case Answer.Given(Result result) -> result;
      case Answer.Refused(SpinorException refusal) -> throw refusal;
    };
  }

  private List<Answer> write(List<Request> requests) {
    TreeSet<Long> ids = new TreeSet<>();
    requests.forEach(request -> ids.addAll(request.reports().keySet()));
    return transactions.in(
        () -> {
          Map<Long, LockedJob> jobs = rows.lock(ids);
          List<Answer> answers = new ArrayList<>();
          for (Request request : requests) {
            Optional<SpinorException> refusal =
                refusal(reach, request.caller(), request.reports().keySet(), jobs);
            answers.add(
                refusal.isPresent()
                    ? new Answer.Refused(refusal.get())
                    : new Answer.Given(apply(request, jobs)));
          }
          rows.save(jobs.values());
          return answers;
        });
  }

  /**
   * Why the caller may not write about these jobs. Jobs that do not exist are told apart from those
   * of others only to who may see all of them.
   */
  static Optional<SpinorException> refusal(
      Reach reach, Caller caller, Collection<Long> ids, Map<Long, LockedJob> jobs) {
    boolean own = caller.attempt().isPresent() || caller.reach() == Caller.Reach.OWN;
    for (long id : ids) {
      LockedJob job = jobs.get(id);
      if (job == null ? own : !reach.includes(caller, job)) {
        return Optional.of(Reach.refused());
      }
      Optional<AttemptId> attempt = caller.attempt();
      if (attempt.isPresent() && job != null && !holds(job, attempt.get())) {
        return Optional.of(Reach.stale(attempt.get()));
      }
    }
    return Optional.empty();
  }

  private static boolean holds(LockedJob job, AttemptId attempt) {
    return job.lease().filter(lease -> lease.attempt() == attempt.attempt()).isPresent();
  }

  private Result apply(Request request, Map<Long, LockedJob> jobs) {
    Map<Long, Written> success = new LinkedHashMap<>();
    Map<Long, Failure> failed = new LinkedHashMap<>();
    request
        .reports()
        .forEach(
            (id, reports) -> {
              LockedJob job = jobs.get(id);
              if (job == null) {
                failed.put(id, new Failure("Not found"));
              } else if (request.caller().attempt().isPresent()) {
                success.put(id, fromAttempt(job, reports));
              } else {
                success.put(id, fromOthers(job, reports, request));
              }
            });
    return new Result(success, failed);
  }

  /**
   * Reports of the attempt are put in order by its own clock, which may be wrong: only its own
   * earlier reports make one late. A job that is deleted stays so.
   */
  private Written fromAttempt(LockedJob job, List<Report> reports) {
    JobState before = job.state();
    Optional<Instant> newest = job.lease().map(Lease::lastReport);
    boolean untrusted = job.lease().map(Lease::untrusted).orElse(false);
    List<Report> taken =
        before.status() == JobStatus.Deleted
            ? reports.stream().map(StatusReports::withoutStatus).toList()
            : untrusted ? reports.stream().map(UntrustedReports::unproven).toList() : reports;
    StatusRules.Outcome outcome = StatusRules.apply(before, newest, taken, false);
    job.become(outcome.state(), outcome.newestTime().orElse(job.statusTime()), outcome.log());
    outcome.newestTime().ifPresentOrElse(job::reported, job::renewLease);
    boolean last =
        reports.stream()
            .map(report -> report.update().status())
            .anyMatch(status -> status != null && status.isFinal());
    if (untrusted && last && outcome.counted() && JobStatus.ON_A_PILOT.contains(job.status())) {
      UntrustedReports.ended(job, reports, lost);
    } else {
      Transitions.byAttempt(job, last && outcome.counted());
    }
    return written(before, job, outcome);
  }

  private static Report withoutStatus(Report report) {
    var update = report.update();
    return new Report(
        report.time(),
        new org.spinor.api.JobStatusUpdate(
            null, update.minorStatus(), update.applicationStatus(), update.source()));
  }

  private static Written fromOthers(LockedJob job, List<Report> reports, Request request) {
    JobState before = job.state();
    StatusRules.Outcome outcome =
        StatusRules.apply(before, Optional.of(job.statusTime()), reports, request.force());
    job.become(outcome.state(), outcome.newestTime().orElse(job.statusTime()), outcome.log());
    Transitions.byOthers(job, before.status(), job.status() + " by " + request.caller().username());
    return written(before, job, outcome);
  }

  private static Written written(JobState before, LockedJob job, StatusRules.Outcome outcome) {
    if (!outcome.counted()) {
      return new Written(null, null, null, null, null, null, null);
    }
    JobState after = job.state();
    return new Written(
        after.status(),
        after.minorStatus(),
        after.applicationStatus(),
        changed(before.heartBeatTime(), after.heartBeatTime()),
        changed(before.startExecTime(), after.startExecTime()),
        changed(before.endExecTime(), after.endExecTime()),
        job.now());
  }

  private static @Nullable Instant changed(@Nullable Instant before, @Nullable Instant after) {
    return after == null || after.equals(before) ? null : after;
  }
}
