package org.spinor.server.identity;

import java.time.Duration;
import org.spinor.api.AttemptId;

/** Signs tokens for the machines that other rooms deal with. */
public interface TokenIssuer {
  /**
   * A token with which one pilot may register itself, ask for work and report.
   *
   * @param untrusted nobody vouches for it: routes whose reach is wider than its own things are
   *     closed to it; likewise for payloads
   */
  String forPilot(String vo, String stamp, Duration life, boolean untrusted);

  /**
   * A token with which the wrapper of one attempt may touch its own job, in the name of the job's
   * owner.
   */
  String forPayload(
      AttemptId attempt,
      String pilotStamp,
      String vo,
      String owner,
      String ownerGroup,
      Duration life,
      boolean untrusted);
}
