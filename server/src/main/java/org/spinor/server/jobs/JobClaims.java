package org.spinor.server.jobs;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives waiting jobs to pilots. */
public interface JobClaims {
  /**
   * A wish to give one waiting job to a pilot.
   *
   * @param requestId of the pilot's request, kept with the attempt so that a repeated request finds
   *     its jobs again
   * @param untrusted nobody vouches for the pilot: what it brings has to be validated. Never won
   *     are jobs that the same pilot or host has tried before without success
   * @param host of the pilot; empty: not known
   */
  record Claim(
      long jobId,
      String pilotStamp,
      String site,
      String ce,
      String requestId,
      int cores,
      long memoryMb,
      boolean untrusted,
      String host) {}

  /** A job won: attempt made, lease running, status Matched, logged. */
  record Claimed(long jobId, int attempt, int classNumber, int cores, long memoryMb) {}

  /** A pilot's request, as it may come twice. */
  record Request(String pilotStamp, String requestId) {}

  /**
   * Live attempts (on a pilot: Matched, Running, Stalled, Completing) of one class in one place.
   *
   * @param cores given to them all together
   */
  record Held(String site, String ce, int classNumber, long attempts, long cores) {}

  /**
   * Claims all in one statement; joins the caller's transaction. A job that no longer waits is
   * simply not won; no order is kept between servers that want the same job, one of them wins.
   *
   * @return per claim, in order, what was won
   */
  List<Optional<Claimed>> claim(List<Claim> claims);

  /**
   * What each pilot's earlier request with the same id won and still holds; per request, in order,
   * empty for a new one. One statement for all.
   */
  List<List<Claimed>> repeated(List<Request> requests);

  /** All live attempts, counted. One scan: for counters that are checked now and then. */
  void held(Consumer<Held> each);
}
