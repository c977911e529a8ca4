package org.spinor.server.matching;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.spinor.api.AttemptId;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobCommand;
import org.spinor.api.JobStatus;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;

/** What the explanation asks of jobs: waiting, unless a test says otherwise. */
public final class FakeJobFacts implements Jobs {
  private static final Instant SINCE = Instant.parse("2026-11-21T10:00:00Z");

  private final FakeJobs jobs;
  public final Map<Long, Fate> fates = new ConcurrentHashMap<>();

  /** What became of a job. */
  public record Fate(
      JobStatus status, String minor, String application, List<JobAttempt> attempts) {}

  FakeJobFacts(FakeJobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Optional<Summary> find(long jobId) {
    Fate fate =
        fates.getOrDefault(
            jobId, new Fate(JobStatus.Waiting, "Pilot Agent Submission", "Unknown", List.of()));
    return Optional.of(
        new Summary(
            jobId,
            "vo",
            "alice",
            "user",
            fate.status(),
            fate.minor(),
            fate.application(),
            SINCE,
            fate.attempts().size(),
            jobs.number(jobId, "class_number"),
            jobs.number(jobId, "priority"),
            "User",
            "",
            ""));
  }

  @Override
  public List<JobAttempt> attempts(long jobId) {
    Fate fate = fates.get(jobId);
    return fate == null ? List.of() : fate.attempts();
  }

  @Override
  public Map<Long, String> descriptions(Collection<Long> jobIds) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void requireReach(Caller caller, Collection<Long> jobIds) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<AttemptId> renewLeases(String pilotStamp, List<AttemptId> running) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<JobCommand> takeCommands(List<AttemptId> running) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void releaseAttemptsOf(String pilotStamp, String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<AttemptId> attemptsOf(String pilotStamp) {
    throw new UnsupportedOperationException();
  }
}
