package org.spinor.server.jobs.facade;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.api.AttemptId;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobCommand;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.jobs.attempts.Leases;
import org.spinor.server.jobs.rows.Commands;
import org.spinor.server.jobs.rows.ReachCheck;
import org.spinor.server.jobs.submission.Descriptions;
import org.springframework.stereotype.Component;

/** What other rooms may ask of jobs. */
@Component
final class JobsFacade implements Jobs {
  private final JobReader reader;
  private final Descriptions descriptions;
  private final ReachCheck reach;
  private final Leases leases;
  private final Commands commands;

  JobsFacade(
      JobReader reader,
      Descriptions descriptions,
      ReachCheck reach,
      Leases leases,
      Commands commands) {
    this.reader = reader;
    this.descriptions = descriptions;
    this.reach = reach;
    this.leases = leases;
    this.commands = commands;
  }

  @Override
  public Optional<Summary> find(long jobId) {
    return reader.find(jobId);
  }

  @Override
  public Map<Long, String> descriptions(Collection<Long> jobIds) {
    return descriptions.texts(jobIds);
  }

  @Override
  public void requireReach(Caller caller, Collection<Long> jobIds) {
    reach.requireAll(caller, jobIds);
  }

  @Override
  public List<AttemptId> renewLeases(String pilotStamp, List<AttemptId> running) {
    return leases.renew(pilotStamp, running);
  }

  @Override
  public List<JobCommand> takeCommands(List<AttemptId> running) {
    return commands.takeFor(running);
  }

  @Override
  public void releaseAttemptsOf(String pilotStamp, String reason) {
    leases.release(pilotStamp, reason);
  }

  @Override
  public List<JobAttempt> attempts(long jobId) {
    return reader.attempts(jobId);
  }

  @Override
  public List<AttemptId> attemptsOf(String pilotStamp) {
    return leases.of(pilotStamp);
  }
}
