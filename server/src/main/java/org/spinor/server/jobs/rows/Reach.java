package org.spinor.server.jobs.rows;

import java.util.Optional;
import org.spinor.api.AttemptId;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.Caller;
import org.springframework.stereotype.Component;

/** Whose jobs a caller may touch. */
@Component
public final class Reach {
  private final Configurations configurations;

  Reach(Configurations configurations) {
    this.configurations = configurations;
  }

  /** Whether the caller may touch a job of this owner; a payload reaches its own job only. */
  public boolean includes(Caller caller, long jobId, String vo, String owner, String ownerGroup) {
    Optional<AttemptId> payload = caller.attempt();
    if (payload.isPresent()) {
      return payload.get().jobId().value() == jobId;
    }
    return switch (caller.reach()) {
      case ALL -> true;
      case VO -> caller.vo().equals(vo);
      case OWN ->
          caller.vo().equals(vo)
              && (caller.username().equals(owner)
                  || (caller.group().equals(ownerGroup) && shared(vo, ownerGroup)));
    };
  }

  public boolean includes(Caller caller, LockedJob job) {
    JobIdentity identity = job.identity();
    return includes(
        caller, identity.jobId(), identity.vo(), identity.owner(), identity.ownerGroup());
  }

  /** Whether the group's jobs are one pot for its members. */
  public boolean shared(String vo, String group) {
    Configuration.Vo known = configurations.current().registry().get(vo);
    return known != null
        && known.groups().containsKey(group)
        && known.groups().get(group).jobSharing();
  }

  public static SpinorException refused() {
    return new SpinorException(
        ErrorCode.FORBIDDEN, "Forbidden: not all of these jobs exist and are yours");
  }

  public static SpinorException stale(AttemptId attempt) {
    return new SpinorException(
        ErrorCode.STALE_ATTEMPT,
        "attempt "
            + attempt
            + " has ended: the job was finished, killed or given to another pilot; stop it and"
            + " report nothing more");
  }
}
