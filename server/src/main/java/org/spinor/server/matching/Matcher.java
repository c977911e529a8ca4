package org.spinor.server.matching;

import java.util.List;
import org.spinor.api.Offer;

/** Finds work for a pilot. */
public interface Matcher {
  /**
   * A job given away: committed, leased, ready to be sent to the pilot.
   *
   * @param vo with owner and group: whose job it is, as its class says
   */
  record Match(
      long jobId,
      int attempt,
      String vo,
      String owner,
      String ownerGroup,
      int cores,
      long memoryMb,
      long cpuTime) {}

  /**
   * The outcome for one request.
   *
   * @param reason where there are no matches: why, in words for the pilot's log
   */
  record Answer(List<Match> matches, String reason) {}

  /**
   * Matches and claims. Never says nothing while a waiting job fits the offer.
   *
   * @param offer with site, CE and VO as the server knows them
   * @param host where the pilot runs, as it says; empty: not known
   * @param maxJobs all of the answer together fit the offer
   * @param requestId a repeated id gets the same jobs again
   */
  Answer match(Offer offer, String pilotStamp, String host, int maxJobs, String requestId);
}
