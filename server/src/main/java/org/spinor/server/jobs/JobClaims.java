package org.spinor.server.jobs;

import java.util.List;
import java.util.Optional;

/** Gives waiting jobs to pilots. */
public interface JobClaims {
  /**
   * A wish to give one waiting job to a pilot.
   *
   * @param requestId of the pilot's request, kept with the attempt so that a repeated request finds
   *     its jobs again
   */
  record Claim(
      long jobId,
      String pilotStamp,
      String site,
      String ce,
      String requestId,
      int cores,
      long memoryMb) {}

  /** A job won: attempt made, lease running, status Matched, logged. */
  record Claimed(long jobId, int attempt, int classNumber) {}

  /**
   * Claims all in one statement; joins the caller's transaction. A job that no longer waits is
   * simply not won; no order is kept between servers that want the same job, one of them wins.
   *
   * @return per claim, in order, what was won
   */
  List<Optional<Claimed>> claim(List<Claim> claims);

  /** What this pilot's earlier request with the same id won and still holds. */
  List<Claimed> repeated(String pilotStamp, String requestId);
}
