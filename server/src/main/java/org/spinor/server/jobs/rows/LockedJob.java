package org.spinor.server.jobs.rows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;
import org.spinor.server.jobs.JobEvents;

/**
 * A job under change: its row is locked until the transaction ends. Changes stay in memory until
 * {@link JobRows#save}. Not safe for several threads.
 */
public final class LockedJob {
  /** What changes together with the state when a job starts anew. */
  record Cycle(
      int attempt,
      int classNumber,
      int priority,
      int rescheduleCounter,
      int infrastructureFailures,
      boolean verified,
      String site,
      @Nullable Instant rescheduleTime) {}

  record Ended(int attempt, JobEvents.Outcome outcome, String reason) {}

  record Command(String command, String arguments) {}

  private final JobIdentity identity;
  private final Instant now;
  private final JobState stateBefore;
  private final Cycle cycleBefore;

  private JobState state;
  private Cycle cycle;
  private @Nullable Lease lease;
  private final boolean heldBefore;
  private Instant statusTime;
  private boolean touched;
  private boolean renewed;
  private final List<LogLine> log = new ArrayList<>();
  private final List<Ended> ended = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();

  LockedJob(
      JobIdentity identity,
      Instant now,
      JobState state,
      Cycle cycle,
      Instant statusTime,
      @Nullable Lease lease) {
    this.identity = identity;
    this.now = now;
    this.state = state;
    this.stateBefore = state;
    this.cycle = cycle;
    this.cycleBefore = cycle;
    this.statusTime = statusTime;
    this.lease = lease;
    this.heldBefore = lease != null;
  }

  public JobIdentity identity() {
    return identity;
  }

  public long jobId() {
    return identity.jobId();
  }

  /** The database's time of the transaction. */
  public Instant now() {
    return now;
  }

  public JobState state() {
    return state;
  }

  public JobStatus status() {
    return state.status();
  }

  public int attempt() {
    return cycle.attempt();
  }

  public int rescheduleCounter() {
    return cycle.rescheduleCounter();
  }

  public int infrastructureFailures() {
    return cycle.infrastructureFailures();
  }

  public boolean verified() {
    return cycle.verified();
  }

  public int priority() {
    return cycle.priority();
  }

  public String site() {
    return cycle.site();
  }

  public @Nullable Instant rescheduleTime() {
    return cycle.rescheduleTime();
  }

  public Instant statusTime() {
    return statusTime;
  }

  public Optional<Lease> lease() {
    return Optional.ofNullable(lease);
  }

  /** Takes a state over, with its log. */
  public void become(JobState newState, Instant newStatusTime, List<LogLine> lines) {
    state = newState;
    // A clock that runs ahead must not make the reports of everybody else late.
    Instant counted = newStatusTime.isAfter(now) ? now : newStatusTime;
    statusTime = counted.isAfter(statusTime) ? counted : statusTime;
    log.addAll(lines);
    touched = true;
  }

  /** The server itself changes the status: always in order, never refused. */
  public void move(JobStatus status, String minorStatus, String applicationStatus, String source) {
    become(
        state.with(status, minorStatus, applicationStatus),
        now,
        List.of(new LogLine(now, status, minorStatus, applicationStatus, source, false)));
    if (status.isFinal() && state.endExecTime() == null) {
      state = state.withTimes(state.startExecTime(), now, state.heartBeatTime());
    }
  }

  public void heard(Instant time) {
    Instant last = state.heartBeatTime();
    if (last == null || last.isBefore(time)) {
      state = state.withTimes(state.startExecTime(), state.endExecTime(), time);
      touched = true;
    }
  }

  /** The living attempt gave a sign of life: that renews its lease. */
  public void renewLease() {
    renewed = true;
  }

  /** The living attempt reported something of that time, by its own clock. */
  public void reported(Instant time) {
    if (lease != null) {
      lease = lease.reported(time);
      renewed = true;
    }
  }

  /** Ends the living attempt, where there is one. */
  public void endAttempt(JobEvents.Outcome outcome, String reason) {
    if (lease != null) {
      ended.add(new Ended(lease.attempt(), outcome, reason));
      lease = null;
      commands.clear();
    }
  }

  public void command(String command, String arguments) {
    commands.add(new Command(command, arguments));
  }

  /** Back to the line: nothing is left of the run that was. */
  public void beginAgain(int infrastructureFailures) {
    state = state.withTimes(null, null, null);
    cycle =
        new Cycle(
            cycle.attempt(),
            cycle.classNumber(),
            cycle.priority(),
            cycle.rescheduleCounter(),
            infrastructureFailures,
            cycle.verified(),
            identity.wantedSite(),
            cycle.rescheduleTime());
    touched = true;
  }

  public void prioritise(int priority) {
    cycle =
        new Cycle(
            cycle.attempt(),
            cycle.classNumber(),
            priority,
            cycle.rescheduleCounter(),
            cycle.infrastructureFailures(),
            cycle.verified(),
            cycle.site(),
            cycle.rescheduleTime());
  }

  /** A user's new cycle. */
  public void reschedule(int counter, int classNumber, int priority) {
    state = state.withTimes(null, null, null);
    cycle =
        new Cycle(
            cycle.attempt(),
            classNumber,
            priority,
            counter,
            0,
            cycle.verified(),
            identity.wantedSite(),
            now);
    touched = true;
  }

  /** Whether the result of an untrusted attempt was waiting for its verdict, and does not count. */
  boolean dropsResult() {
    return !heldBefore
        && stateBefore.status() == JobStatus.Completing
        && state.status() != JobStatus.Completing
        && state.status() != JobStatus.Done;
  }

  boolean leaseRenewed() {
    return lease != null && renewed;
  }

  boolean changed() {
    return touched || !state.equals(stateBefore) || !cycle.equals(cycleBefore);
  }

  JobState stateBefore() {
    return stateBefore;
  }

  Cycle cycleBefore() {
    return cycleBefore;
  }

  Cycle cycle() {
    return cycle;
  }

  List<LogLine> log() {
    return log;
  }

  List<Ended> ended() {
    return ended;
  }

  List<Command> commands() {
    return commands;
  }
}
