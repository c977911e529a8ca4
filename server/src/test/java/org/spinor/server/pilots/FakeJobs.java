package org.spinor.server.pilots;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.api.AttemptId;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobCommand;
import org.spinor.api.JobId;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;

/** Jobs held by pilots, in memory. */
public final class FakeJobs implements Jobs {
  private final Map<AttemptId, String> held = new HashMap<>();
  private final List<JobCommand> commands = new ArrayList<>();
  private final List<String> released = new ArrayList<>();

  /** The pilot holds the attempt. */
  public synchronized AttemptId give(String stamp, long jobId, int attempt) {
    AttemptId id = new AttemptId(new JobId(jobId), attempt);
    held.put(id, stamp);
    return id;
  }

  public synchronized void take(AttemptId attempt) {
    held.remove(attempt);
  }

  public synchronized void command(JobCommand command) {
    commands.add(command);
  }

  /** {@code stamp: reason} of each release. */
  public synchronized List<String> released() {
    return List.copyOf(released);
  }

  @Override
  public Optional<Summary> find(long jobId) {
    return Optional.empty();
  }

  @Override
  public Map<Long, String> descriptions(Collection<Long> jobIds) {
    Map<Long, String> descriptions = new HashMap<>();
    jobIds.forEach(id -> descriptions.put(id, "[ JobID = " + id + "; ]"));
    return descriptions;
  }

  @Override
  public void requireReach(Caller caller, Collection<Long> jobIds) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized List<AttemptId> renewLeases(String pilotStamp, List<AttemptId> running) {
    return running.stream().filter(attempt -> !pilotStamp.equals(held.get(attempt))).toList();
  }

  @Override
  public synchronized List<JobCommand> takeCommands(List<AttemptId> running) {
    List<JobCommand> taken =
        commands.stream()
            .filter(
                command ->
                    running.stream().anyMatch(attempt -> attempt.jobId().equals(command.jobId())))
            .toList();
    commands.removeAll(taken);
    return taken;
  }

  @Override
  public synchronized void releaseAttemptsOf(String pilotStamp, String reason) {
    held.values().removeIf(pilotStamp::equals);
    released.add(pilotStamp + ": " + reason);
  }

  @Override
  public synchronized List<JobAttempt> attempts(long jobId) {
    return held.entrySet().stream()
        .filter(entry -> entry.getKey().jobId().value() == jobId)
        .map(
            entry ->
                new JobAttempt(
                    entry.getKey().attempt(),
                    entry.getValue(),
                    "",
                    "",
                    Instant.EPOCH,
                    null,
                    null,
                    null))
        .toList();
  }

  @Override
  public synchronized List<AttemptId> attemptsOf(String pilotStamp) {
    return held.entrySet().stream()
        .filter(entry -> entry.getValue().equals(pilotStamp))
        .map(Map.Entry::getKey)
        .toList();
  }
}
